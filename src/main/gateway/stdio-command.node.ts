/**
 * `gatehouse-stdio`: what a client that only starts commands is told to start. The token comes from the environment, never from the
 * command line, where every user of the computer could read it.
 */
import { parseArgs } from 'node:util';
import { Fault } from '../../preload/contract/reply';
import type { Clock } from '../ports';
import { runBridge } from './stdio-bridge.node';
import { gatewayAddress, tokenVariable } from './stdio-messages';

const usualUrl = 'http://127.0.0.1:8417/mcp';

/** @returns The exit code; what went wrong stands on stderr, because stdout belongs to the messages. */
export async function runStdio(argv: readonly string[], clock: Clock): Promise<number> {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: { stdio: { type: 'boolean' }, url: { type: 'string', default: usualUrl } },
    });
    const token = process.env[tokenVariable] ?? '';
    if (!/^[\x21-\x7e]{1,200}$/.test(token))
      throw new Fault(
        'bad_input',
        `Set ${tokenVariable} to the token of this agent. Gatehouse shows it once, under Agents.`,
      );
    delete process.env[tokenVariable];
    const url = gatewayAddress(values.url);
    await runBridge({ url, token, input: process.stdin, output: process.stdout, clock });
    return 0;
  } catch (error) {
    process.stderr.write(
      `${error instanceof Error ? error.message : 'The bridge stopped for an unknown reason.'}\n`,
    );
    return 1;
  }
}
