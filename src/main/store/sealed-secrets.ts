/**
 * All credentials of an open vault: one sealed record a connection, opened only when asked for.
 * Pure: answers what the vault would then hold and writes nothing.
 */
import { z } from 'zod';
import { Fault } from '../../preload/contract/reply';
import { openSecret, sealSecret } from './sealed-secret';
import { bytesToText, type Sealing, textToBytes } from './sealing';
import { storeIdSchema } from './state-record';
import type { SecretChanges } from './vault';
import type { VaultContents } from './vault-contents';

/** @throws Fault `bad_input` for an id that cannot be a key of the document. */
function withSecret(
  sealing: Sealing,
  contents: VaultContents,
  connectionId: string,
  values: Readonly<Record<string, string>>,
): VaultContents {
  if (!storeIdSchema.safeParse(connectionId).success) {
    throw new Fault('bad_input', 'The id of the connection has a form that the vault does not accept.');
  }
  const plain = textToBytes(JSON.stringify(values));
  const secret = sealSecret(sealing, contents, connectionId, plain);
  plain.fill(0);
  return { ...contents, secrets: { ...contents.secrets, [connectionId]: secret } };
}

/** @throws Fault `bad_input` for an id that cannot be a key of the document. */
export function withSecrets(
  sealing: Sealing,
  contents: VaultContents,
  changes: SecretChanges,
): VaultContents {
  return Object.entries(changes).reduce(
    (next, [connectionId, values]) =>
      values === null ? withoutSecret(next, connectionId) : withSecret(sealing, next, connectionId, values),
    contents,
  );
}

/** The same contents when there is nothing to remove. */
function withoutSecret(contents: VaultContents, connectionId: string): VaultContents {
  if (!Object.hasOwn(contents.secrets, connectionId)) return contents;
  const others = Object.entries(contents.secrets).filter(([id]) => id !== connectionId);
  return { ...contents, secrets: Object.fromEntries(others) };
}

/** @throws Fault `secret_missing`, `vault_unreadable` */
export function readSecret(
  sealing: Sealing,
  contents: VaultContents,
  connectionId: string,
): Record<string, string> {
  const secret = Object.hasOwn(contents.secrets, connectionId) ? contents.secrets[connectionId] : undefined;
  if (secret === undefined) {
    throw new Fault('secret_missing', 'The vault has no credentials for this connection. Sign in again.');
  }
  const plain = openSecret(sealing, contents, connectionId, secret);
  const values = z.record(z.string(), z.string()).parse(JSON.parse(bytesToText(plain)));
  plain.fill(0);
  return values;
}
