import { describe, expect, it } from 'vitest';
import { judgeLink } from '../../../src/main/window/open-link';

describe('a link', () => {
  it.each([
    ['https://docs.example.com/a?b=c#d', 'https://docs.example.com/a?b=c#d'],
    ['HTTPS://Docs.Example.com', 'https://docs.example.com/'],
    ['https://example.com/~user/@name', 'https://example.com/~user/@name'],
  ])('opens: %s', (address, url) => {
    expect(judgeLink(address)).toEqual({ kind: 'open', url });
  });

  it.each([
    '',
    'http://example.com',
    'javascript:alert(1)',
    'file:///etc/passwd',
    'smb://example.com/share',
    'ms-msdt:/id',
    'vbscript:x',
    '//example.com',
    'https:example.com',
    'https:/example.com',
    'https:///example.com',
    'https:\\\\example.com',
    'https://example.com\\@evil.com',
    'https://user@example.com',
    'https://user:secret@example.com',
    'https://@example.com',
    'https://:@example.com/',
    ' https://example.com',
    'https://example.com/a b',
    'https://example.com/\n--help',
    'https://exa\tmple.com',
    'https://example.com/\u202egnp.exe',
    'https://ex\u0430mple.com/',
    'https://example.com/"&calc.exe',
    'https://localhost/',
    'https://example.com./',
    'https://[::1]/',
    `https://example.com/${'a'.repeat(3000)}`,
  ])('is refused: %j', (address) => {
    expect(judgeLink(address).kind).toBe('refused');
  });
});
