/**
 * Secrets that tests type in on purpose. After `npm test` every file that the run left behind is searched for them
 * (tools/find-secrets.mjs). A secret made during the run, an agent's token, is added with `plant`.
 */
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const values: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(join(import.meta.dirname, 'planted-secrets.json'), 'utf8'),
);

/** @throws Error when there is no secret of this name. */
export function planted(name: string): string {
  const value = values[name];
  if (value === undefined) throw new Error(`No secret is called “${name}” in planted-secrets.json.`);
  return value;
}

/** Adds a secret to this run's list, which lies outside of everything that is searched. Answers the secret. */
export function plant(name: string, secret: string): string {
  const list = process.env.GATEHOUSE_TEST_SECRETS;
  if (list !== undefined) appendFileSync(list, `${JSON.stringify({ name, secret })}\n`, { mode: 0o600 });
  return secret;
}
