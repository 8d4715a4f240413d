import { describe, expect, it } from 'vitest';
import { isOfOrigin, isTrustedSender } from '../../../src/main/ipc/trusted-sender';

const trusted = { contentsId: 1, origin: 'app://gatehouse' };
const ours = { contentsId: 1, frame: { url: 'app://gatehouse/index.html#/activity', isMain: true } };

describe('the sender of a call', () => {
  it('is trusted when it is the main frame of our window on our page', () => {
    expect(isTrustedSender(ours, trusted)).toBe(true);
  });

  it('is refused from another window, from a frame inside the page, and when the frame is gone', () => {
    expect(isTrustedSender({ ...ours, contentsId: 2 }, trusted)).toBe(false);
    expect(isTrustedSender({ ...ours, frame: { ...ours.frame, isMain: false } }, trusted)).toBe(false);
    expect(isTrustedSender({ ...ours, frame: null }, trusted)).toBe(false);
  });

  it('is refused while no window is open', () => {
    expect(isTrustedSender(ours, { ...trusted, contentsId: undefined })).toBe(false);
  });

  it.each([
    '',
    'about:blank',
    'app://gatehouse.evil/index.html',
    'app://evil/gatehouse',
    'app://gatehouse@evil/',
    'app://user@gatehouse/',
    'app://gatehouse:1/',
    'app:gatehouse',
    'https://gatehouse/',
    'file:///index.html',
    'data:text/html,app://gatehouse/',
    'blob:app://gatehouse/1',
  ])('is refused from %j', (url) => {
    expect(isTrustedSender({ ...ours, frame: { url, isMain: true } }, trusted)).toBe(false);
  });

  it('is held to the port of a development server', () => {
    expect(isOfOrigin('http://localhost:5173/', 'http://localhost:5173')).toBe(true);
    expect(isOfOrigin('http://localhost:5174/', 'http://localhost:5173')).toBe(false);
  });
});
