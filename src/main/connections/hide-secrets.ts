/**
 * Takes our own credentials out of what a vendor sends back. Some repeat a key or a token in their error texts, and those go to
 * agents, into the log and onto the screen. Nobody there has any use for them.
 */
import type { FormValues } from '../catalog/request-template';
import type { InboundAnswer } from '../ports';

/** Shorter ones stand in too many honest texts. */
const minChars = 6;

/**
 * @param secret   The sealed values of the connection.
 * @param signedIn The headers that signed this request in: they hold the token, or the keys in another form.
 */
export function hideSecrets(answer: InboundAnswer, secret: FormValues, signedIn: FormValues): InboundAnswer {
  const text = withoutSecrets(answer.text, [
    ...Object.values(secret),
    ...Object.values(signedIn).flatMap((value) => value.split(' ')),
  ]);
  return text === answer.text ? answer : { ...answer, text };
}

export function withoutSecrets(text: string, secrets: readonly string[]): string {
  const forms = new Set(
    secrets
      .filter((secret) => secret.length >= minChars)
      .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]),
  );
  // The longest first: one may hold another.
  return [...forms]
    .sort((a, b) => b.length - a.length)
    .reduce((shown, form) => (shown.includes(form) ? shown.replaceAll(form, '•••') : shown), text);
}
