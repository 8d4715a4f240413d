/**
 * The only way to the person's browser. Hands over what the judge let through, and runs no command line.
 */
import { shell } from 'electron';
import { Fault } from '../../preload/contract/reply';
import { judgeLink } from './open-link';

/** @throws Fault `bad_input` when the address may not be opened, `cancelled` when the system has no browser for it. */
export async function openLink(address: string): Promise<void> {
  const judged = judgeLink(address);
  if (judged.kind === 'refused') throw new Fault('bad_input', `This link is not opened: ${judged.why}.`);
  try {
    await shell.openExternal(judged.url);
  } catch (cause) {
    throw new Fault('cancelled', 'The system could not open its browser. Open the address by hand.', {
      cause,
    });
  }
}
