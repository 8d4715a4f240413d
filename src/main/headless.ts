/**
 * The same house without windows: the gateway as a plain Node process, for servers and for measurements.
 * Prints one JSON line {"url","token"} when ready and stops cleanly on SIGTERM.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Fault } from '../preload/contract/reply';
import { readHeadlessArguments } from './gateway/headless-arguments.node';
import { buildHouse } from './house';
import { consoleLog } from './log.node';
import { openConf } from './store/document-conf.node';

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '..', '..');

async function main(): Promise<void> {
  const wanted = readHeadlessArguments(process.argv.slice(2), here.includes('app.asar'));
  const log = consoleLog();
  const house = await buildHouse({
    dataFolder: resolve(wanted.data),
    catalogPath: join(root, 'build', 'catalog.json'),
    samplesFolder: join(root, 'resources', 'practice'),
    version: versionOf(join(root, 'package.json')),
    practice: wanted.practice,
    openStore: openConf,
    bridge: { command: process.execPath, args: [join(here, 'stdio.js')] },
    port: wanted.port,
    mostListed: wanted.mostListed,
    mostPerSecond: wanted.mostPerSecond,
    unprefixed: wanted.unprefixed,
    allowLoopback: wanted.allowLoopback,
    upstreams: wanted.upstreams,
    upstreamPolicy: wanted.policy,
    upstreamsMayAsk: wanted.mayAsk,
    log,
    openPractice: () => undefined,
    openLink: async () => undefined,
    applyTheme: () => undefined,
  });
  await house.start(() => undefined);
  const passphrase = process.env.GATEHOUSE_PASSPHRASE;
  delete process.env.GATEHOUSE_PASSPHRASE;
  await openVault(house, passphrase);
  const { gateway } = house.status();
  if (gateway.kind === 'port_taken') {
    throw new Fault('port_taken', `Port ${gateway.port} is taken. Use --port ${gateway.nextFreePort}.`);
  }
  if (gateway.kind !== 'listening')
    throw new Fault('unexpected', `The gateway does not listen: ${gateway.why}`);
  const made = await house.agents.createOrRotate(wanted.agent, 'other');
  await house.upstreamsTried();
  process.stdout.write(`${JSON.stringify({ url: gateway.url, token: made.token })}\n`);
  await stopSignal();
  await house.stop();
}

/** A vault without a keychain takes its passphrase from the environment, never from the command line. */
async function openVault(
  house: Awaited<ReturnType<typeof buildHouse>>,
  passphrase: string | undefined,
): Promise<void> {
  const state = house.vault.state();
  if (state.kind === 'unlocked') return;
  if (passphrase !== undefined && state.kind === 'needs_passphrase') {
    await house.handlers['vault.create']({ passphrase });
  } else if (passphrase !== undefined && state.kind === 'locked') {
    await house.handlers['vault.unlock']({ passphrase });
  } else {
    const why = state.kind === 'locked' ? 'The vault is locked.' : state.why;
    throw new Fault(
      'vault_locked',
      `${why} Set GATEHOUSE_PASSPHRASE in the environment, or start with a keychain.`,
    );
  }
}

function versionOf(file: string): string {
  if (!existsSync(file)) return 'unknown';
  const { version }: { version?: unknown } = JSON.parse(readFileSync(file, 'utf8'));
  return typeof version === 'string' ? version : 'unknown';
}

function stopSignal(): Promise<void> {
  return new Promise((done) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => done());
  });
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(
      `${error instanceof Error ? error.message : 'The gateway stopped for an unknown reason.'}\n`,
    );
    process.exit(1);
  },
);
