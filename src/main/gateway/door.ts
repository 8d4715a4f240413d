/**
 * Who may knock: our own Host, no foreign Origin, JSON, a bearer token. Judges headers only; refuses before a body is read.
 */
export interface Knock {
  readonly method: string;
  readonly path: string;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly authorization: string | undefined;
  readonly contentType: string | undefined;
}

type DoorStatus = 400 | 401 | 403 | 404 | 405 | 415 | 503;

export type Judged =
  | { readonly kind: 'open'; readonly token: string }
  | {
      readonly kind: 'refused';
      readonly status: DoorStatus;
      readonly message: string;
    };

/**
 * @param isLocked No token is known while the vault is locked; so it is said before one is looked at.
 * @see https://modelcontextprotocol.io/specification/2025-11-25/basic/transports (DNS rebinding), RFC 6750 §3
 */
export function judgeKnock(knock: Knock, port: number, isLocked = false): Judged {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (knock.host === undefined || !hosts.includes(knock.host.toLowerCase()))
    return refuse(403, 'Forbidden: this Host is not ours.');
  if (
    knock.origin !== undefined &&
    !hosts.map((host) => `http://${host}`).includes(knock.origin.toLowerCase())
  ) {
    return refuse(403, 'Forbidden: web pages may not call the gateway.');
  }
  if (knock.path !== '/mcp') return refuse(404, 'Not found. The endpoint is /mcp.');
  if (!['POST', 'GET', 'DELETE'].includes(knock.method)) return refuse(405, 'Method not allowed.');
  if (isLocked) return refuse(503, 'Gatehouse is locked. A technician must unlock it.');
  const token = /^Bearer ([\x21-\x7e]{1,200})$/i.exec(knock.authorization ?? '')?.[1];
  if (token === undefined) return refuse(401, 'Unauthorized: a bearer token is needed.');
  if (knock.method === 'POST' && !/^application\/json\b/i.test(knock.contentType ?? '')) {
    return refuse(415, 'Unsupported media type: send application/json.');
  }
  return { kind: 'open', token };
}

function refuse(status: DoorStatus, message: string): Judged {
  return { kind: 'refused', status, message };
}
