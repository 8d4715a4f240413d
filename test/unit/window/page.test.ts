import { describe, expect, it } from 'vitest';
import { contentSecurityPolicy, pageFileOf } from '../../../src/main/window/app-address';
import { pagePlace } from '../../../src/main/window/page-place';
import { isPermitted } from '../../../src/main/window/permissions';

describe('the page', () => {
  it('is served from the built folder', () => {
    expect(pageFileOf('app://gatehouse/')?.path).toBe('index.html');
    expect(pageFileOf('app://gatehouse/assets/index-B_x1.js?v=1#a')).toEqual({
      path: 'assets/index-B_x1.js',
      contentType: 'text/javascript; charset=utf-8',
    });
  });

  it.each([
    'app://gatehouse/../../etc/passwd',
    'app://gatehouse/..%2f..%2fetc%2fpasswd.html',
    'app://gatehouse/%2e%2e/secret.js',
    'app://gatehouse/a/..\\..\\secret.js',
    'app://gatehouse//etc/index.html',
    'app://gatehouse/.env.js',
    'app://gatehouse/C:/secret.js',
    'app://gatehouse/store.json',
    'app://gatehouse/index.html%00.js',
    'app://elsewhere/index.html',
    'app://user@gatehouse/index.html',
    'file:///index.html',
    '',
  ])('never is %j', (address) => {
    const file = pageFileOf(address);
    // The address standard resolves plain dots itself; what is left must stay below the folder.
    expect(file === undefined || !/(^|\/)\.|^\/|\\|:/.test(file.path)).toBe(true);
    expect(file?.path ?? '').not.toContain('passwd');
  });

  it('has a policy without inline code and without network', () => {
    expect(contentSecurityPolicy).not.toContain('unsafe');
    expect(contentSecurityPolicy).toContain("default-src 'none'");
    expect(contentSecurityPolicy).toContain("connect-src 'none'");
  });

  it('comes from a development server only in an unpackaged build and only on this computer', () => {
    expect(pagePlace(false, 'http://localhost:5173/')).toMatchObject({ origin: 'http://localhost:5173' });
    expect(pagePlace(true, 'http://localhost:5173/').origin).toBe('app://gatehouse');
    expect(pagePlace(false, 'http://example.com/').origin).toBe('app://gatehouse');
    expect(pagePlace(false, undefined).isDevelopment).toBe(false);
  });

  it('may write to the clipboard and nothing else', () => {
    const page = 'app://gatehouse/index.html';
    expect(isPermitted('clipboard-sanitized-write', page, 'app://gatehouse')).toBe(true);
    expect(isPermitted('clipboard-sanitized-write', 'https://evil.example', 'app://gatehouse')).toBe(false);
    for (const wish of ['clipboard-read', 'notifications', 'geolocation', 'media', 'openExternal', 'hid']) {
      expect(isPermitted(wish, page, 'app://gatehouse')).toBe(false);
    }
  });
});
