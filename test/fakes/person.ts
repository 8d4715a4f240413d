/**
 * A person at a sign-in page, without a window: opens the address, follows where it leads with cookies, presses one of the two
 * buttons of the simulated vendor and answers with the address that leads back to the application.
 */
import { type RequestOptions, request } from 'node:https';

export interface Reach {
  readonly caPem: string;
  /** Names and the loopback port behind each. */
  readonly hosts: ReadonlyMap<string, number>;
}

interface Page {
  readonly status: number;
  readonly location: string | undefined;
  readonly text: string;
}

/** @returns The address on loopback; nobody has opened it yet. */
export async function answerSignIn(reach: Reach, address: string, button: 'sign in' | 'deny'): Promise<URL> {
  const cookies = new Map<string, string>();
  let at = new URL(address);
  let body: string | undefined;
  for (let steps = 0; steps < 12; steps += 1) {
    if (at.protocol === 'http:') return at;
    const page = await open(reach, at, cookies, body);
    body = undefined;
    if (page.location !== undefined) at = new URL(page.location, at);
    else if (page.status === 200 && page.text.includes('<form method="post">'))
      body = new URLSearchParams({ answer: button }).toString();
    else throw new Error(`The sign-in page says ${page.status}: ${page.text.slice(0, 2000)}`);
  }
  throw new Error('The sign-in page leads in circles.');
}

function open(reach: Reach, url: URL, cookies: Map<string, string>, body: string | undefined): Promise<Page> {
  const options: RequestOptions = {
    host: '127.0.0.1',
    port: reach.hosts.get(url.hostname),
    servername: url.hostname,
    ca: reach.caPem,
    path: `${url.pathname}${url.search}`,
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      Host: url.hostname,
      Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      ...(body === undefined ? {} : { 'Content-Type': 'application/x-www-form-urlencoded' }),
    },
  };
  return new Promise((resolve, reject) => {
    const asked = request(options, (answer) => {
      for (const line of answer.headers['set-cookie'] ?? []) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        cookies.set(name, value);
      }
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, location: answer.headers.location, text }),
      );
    });
    asked.on('error', reject).end(body);
  });
}
