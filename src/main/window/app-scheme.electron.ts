/**
 * The scheme that the page comes from: the files that were built, each with the policy that allows no inline code
 * and no network. Serves nothing else, to nobody but the default session.
 */
import { protocol } from 'electron';
import type { Log } from '../ports';
import { appScheme, pageFileOf, pageHeaders } from './app-address';
import type { ReadPageFile } from './page-files.node';

/** Must run before the application is ready. */
export function declareAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: false } },
  ]);
}

/** Must run once the application is ready, before the window opens. */
export function serveAppScheme(read: ReadPageFile, log: Log): void {
  protocol.handle(appScheme, async (request) => {
    const file = request.method === 'GET' ? pageFileOf(request.url) : undefined;
    if (!file) return answer('Refused', 403);
    try {
      const bytes = await read(file.path);
      return bytes
        ? new Response(bytes, { headers: pageHeaders(file.contentType) })
        : answer('Not found', 404);
    } catch (error) {
      log.failure('a file of the page cannot be read', error);
      return answer('Unreadable', 500);
    }
  });
}

function answer(text: string, status: number): Response {
  return new Response(text, { status, headers: pageHeaders('text/plain; charset=utf-8') });
}
