/** Steps of a test that are not its point, taken through the page's own bridge instead of through the screens. */
import type { Page } from '@playwright/test';
import { type CallInput, type CallOutput, calls } from '../../src/preload/contract/calls';
import type { CallName } from '../../src/preload/contract/names';
import { planted } from '../fakes/planted-secrets';

/** @throws Error with the sentence of the refusal. */
export async function ask<Name extends CallName>(
  page: Page,
  name: Name,
  input: CallInput<Name>,
): Promise<CallOutput<Name>> {
  const reply = await page.evaluate(
    ([wanted, given]) => {
      const [subject = '', verb = ''] = wanted.split('.');
      const call: unknown = Reflect.get(Reflect.get(window.gatehouse.call, subject), verb);
      return typeof call === 'function' ? call(given) : undefined;
    },
    [name, input] as const,
  );
  if (reply?.ok !== true) throw new Error(`${name}: ${reply?.fault.message ?? 'there is no such call.'}`);
  return calls[name].output.parse(reply.value) as CallOutput<Name>;
}

/** Makes the vault, or opens it again, with the planted passphrase where there is no keychain. */
export async function openVault(page: Page): Promise<void> {
  const { vault } = await ask(page, 'app.status', {});
  const passphrase = planted('passphrase');
  if (vault.kind === 'needs_passphrase') await ask(page, 'vault.create', { passphrase });
  else if (vault.kind === 'locked') await ask(page, 'vault.unlock', { passphrase });
  else if (vault.kind === 'unreadable') throw new Error(vault.why);
}
