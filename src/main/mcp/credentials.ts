/**
 * Puts the credentials of a custom server on each of its requests, and tries once more where new ones were to be had. A refused
 * request ran nothing, so that even a write may be sent again. The pipe goes to one address only, and so do they.
 */
import { type Challenge, readChallenge } from './challenge';
import type { CallPipe } from './tool-server';

export interface Refusal {
  readonly status: 401 | 403;
  readonly challenge: Challenge;
  /** Tried again already: whoever hears of it can only tell a person. */
  readonly isFinal: boolean;
}

export interface ServerCredentials {
  /** For one request; none for a server without a sign-in. @throws Fault `oauth_refused`, `vault_locked`, `secret_missing` */
  headers(): Promise<Readonly<Record<string, string>>>;
  /** @returns Whether there are other ones now, with which to try again; nothing is tried after a refusal that is final. */
  refused(refusal: Refusal): Promise<boolean>;
}

/** Once for an access that has ended, once for one that is not wide enough. */
const maxRetries = 2;

export function withCredentials(pipe: CallPipe, credentials: ServerCredentials): CallPipe {
  async function retried<Answer extends { readonly status: number }>(
    attempt: (headers: Readonly<Record<string, string>>) => Promise<Answer>,
    challengeOf: (answer: Answer) => string | undefined,
  ): Promise<Answer> {
    const seen = new Set<number>();
    for (;;) {
      const answer = await attempt(await credentials.headers());
      const { status } = answer;
      if (status !== 401 && status !== 403) return answer;
      const isFinal = seen.has(status) || seen.size >= maxRetries;
      seen.add(status);
      const challenge = readChallenge(challengeOf(answer));
      if (!(await credentials.refused({ status, challenge, isFinal })) || isFinal) return answer;
    }
  }
  return {
    ...pipe,
    post: (body, headers, options) =>
      retried(
        (signedIn) => pipe.post(body, { ...headers, ...signedIn }, options),
        ({ challenge }) => challenge,
      ),
    fetch: (url, init) =>
      retried(
        (signedIn) => {
          const headers = new Headers(init?.headers);
          for (const [name, value] of Object.entries(signedIn)) headers.set(name, value);
          return pipe.fetch(url, { ...init, headers });
        },
        ({ headers }) => headers.get('www-authenticate') ?? undefined,
      ),
  };
}
