/**
 * What the gateway without windows was asked for on its command line. Refuses unknown arguments, and in a packaged
 * Gatehouse everything that is for tests and measurements only.
 */
import { parseArgs } from 'node:util';
import { Fault } from '../../preload/contract/reply';
import type { Policy } from '../../preload/contract/shapes';
import { type AskKind, askKinds } from '../mcp/asked-by-server';
import { readUpstreams, type WantedUpstream } from '../mcp/upstream-flags';

export interface HeadlessArguments {
  readonly data: string;
  readonly port: number | undefined;
  /** Tools that an agent is shown in a list; undefined where the settings decide. */
  readonly mostListed: number | undefined;
  /** Messages that one agent may send, after a burst of twenty times as many; undefined where the usual pace holds. */
  readonly mostPerSecond: number | undefined;
  readonly practice: boolean;
  readonly agent: string;
  readonly unprefixed: boolean;
  readonly allowLoopback: boolean;
  readonly upstreams: readonly WantedUpstream[];
  /** One for every tool of the upstreams; undefined where the rules decide. */
  readonly policy: Policy | undefined;
  /** What the upstreams may ask agents for. */
  readonly mayAsk: readonly AskKind[];
}

const policies: readonly Policy[] = ['auto', 'approval_needed', 'disabled'];

/** @throws Fault `flag_refused` with one sentence; what `parseArgs` throws for unknown arguments is one too. */
export function readHeadlessArguments(argv: readonly string[], isPackaged: boolean): HeadlessArguments {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      data: { type: 'string' },
      port: { type: 'string' },
      'most-listed': { type: 'string' },
      'most-per-second': { type: 'string' },
      practice: { type: 'boolean', default: false },
      agent: { type: 'string', default: 'headless' },
      unprefixed: { type: 'boolean', default: false },
      'allow-loopback': { type: 'boolean', default: false },
      upstream: { type: 'string', multiple: true, default: [] },
      policy: { type: 'string' },
      'may-ask': { type: 'string', multiple: true, default: [] },
    },
  });
  const forTests: readonly [flag: string, isGiven: boolean][] = [
    ['--unprefixed', values.unprefixed],
    ['--allow-loopback', values['allow-loopback']],
    ['--upstream', values.upstream.length > 0],
    ['--policy', values.policy !== undefined],
    ['--may-ask', values['may-ask'].length > 0],
  ];
  const refused = forTests.find(([, isGiven]) => isGiven && isPackaged);
  if (refused !== undefined)
    throw refuse(`${refused[0]} is for tests and measurements only; a packaged Gatehouse refuses it.`);
  if (values.data === undefined) throw refuse('Say where the data lies: --data DIR.');
  const policy = policies.find((one) => one === values.policy);
  if (values.policy !== undefined && policy === undefined)
    throw refuse(`--policy takes ${policies.join(', ')}, not “${values.policy.slice(0, 60)}”.`);
  return {
    data: values.data,
    port: wholeNumber('--port', values.port, 0, 65_535),
    mostListed: wholeNumber('--most-listed', values['most-listed'], 1, 100_000),
    mostPerSecond: wholeNumber('--most-per-second', values['most-per-second'], 1, 100_000),
    practice: values.practice,
    agent: values.agent,
    unprefixed: values.unprefixed,
    allowLoopback: values['allow-loopback'],
    upstreams: readUpstreams(values.upstream, values['allow-loopback']),
    policy,
    mayAsk: values['may-ask'].map(askKindOf),
  };
}

function askKindOf(text: string): AskKind {
  const kind = askKinds.find((one) => one === text);
  if (kind === undefined) throw refuse(`--may-ask takes ${askKinds.join(', ')}, not “${text.slice(0, 60)}”.`);
  return kind;
}

function wholeNumber(
  flag: string,
  text: string | undefined,
  least: number,
  most: number,
): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (text.trim() === '' || !Number.isInteger(number) || number < least || number > most)
    throw refuse(`${flag} takes a number from ${least}${least === 0 ? ' (any free port)' : ''} to ${most}.`);
  return number;
}

const refuse = (message: string) => new Fault('flag_refused', message);
