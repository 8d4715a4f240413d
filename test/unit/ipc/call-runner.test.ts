/** The way of a call, with handlers that answer what a test wants and a log that remembers. */
import { describe, expect, it } from 'vitest';
import { runCall } from '../../../src/main/ipc/call-runner';
import type { Log } from '../../../src/main/ports';
import type { Handlers } from '../../../src/preload/contract/calls';
import { callNames } from '../../../src/preload/contract/names';
import { Fault } from '../../../src/preload/contract/reply';

const settings = {
  theme: 'dark',
  gatewayPort: 4040,
  approvalMinutes: 5,
  idleLockMinutes: null,
  signInWith: 'popup',
  retentionDays: null,
  clientDocumentUrl: '',
  mostListedTools: 60,
} as const;

/** A log that remembers, and hands out `ref-1`, `ref-2` … */
function rememberingLog() {
  const failures: unknown[] = [];
  const log: Log = { note: () => undefined, failure: (_event, error) => `ref-${failures.push(error)}` };
  return { log, failures };
}

function bench(answers: Partial<Record<keyof Handlers, (input: unknown) => unknown>>) {
  const asked: string[] = [];
  const table: Record<string, (input: unknown) => Promise<unknown>> = {};
  for (const name of callNames) {
    table[name] = async (input) => {
      asked.push(name);
      return answers[name]?.(input);
    };
  }
  const remembering = rememberingLog();
  const run = (name: unknown, input: unknown) =>
    runCall(name, input, table as unknown as Handlers, remembering.log);
  return { run, asked, failures: remembering.failures };
}

describe('a call', () => {
  it('answers with what its handler gives', async () => {
    const { run } = bench({ 'settings.show': () => settings });
    expect(await run('settings.show', {})).toEqual({ ok: true, value: settings });
  });

  it.each(['nobody.knows', '__proto__', 'constructor', 'toString', '', 7, null, undefined, ['app.status']])(
    'is refused when its name is %j',
    async (name) => {
      const { run, asked } = bench({});
      expect(await run(name, {})).toMatchObject({ ok: false, fault: { code: 'bad_input' } });
      expect(asked).toEqual([]);
    },
  );

  const circle: Record<string, unknown> = {};
  circle.self = circle;
  const deep = Array.from({ length: 100 }).reduce<unknown>((inner) => ({ inner }), 'end');
  it.each([
    ['an extra key', 'catalog.show', { appId: 'ninjaone', more: 1 }],
    ['a missing key', 'catalog.show', {}],
    ['a string without end', 'vault.unlock', { passphrase: 'x'.repeat(5_000_000) }],
    ['a long name in a form', 'connections.test', { appId: 'a', values: { ['k'.repeat(5000)]: 'v' } }],
    [
      'too many edits',
      'policies.save',
      { connectionId: 'con_abcdefgh', baseRevision: 1, edits: Array(30_000).fill({}) },
    ],
    ['a __proto__ key', 'catalog.show', JSON.parse('{"appId":"ninjaone","__proto__":{"admin":true}}')],
    ['a nested __proto__ key', 'connections.test', JSON.parse('{"appId":"a","values":{"__proto__":"x"}}')],
    ['a constructor key', 'connections.test', { appId: 'a', values: { constructor: 'x' } }],
    ['a circle', 'app.status', circle],
    ['bottomless nesting', 'app.status', deep],
    ['a map', 'app.status', new Map()],
    ['no object', 'app.status', undefined],
    ['a list', 'app.status', []],
  ])('is refused with %s, before its handler', async (_what, name, input) => {
    const { run, asked } = bench({});
    expect(await run(name, input)).toMatchObject({
      ok: false,
      fault: { code: 'bad_input', retryable: false },
    });
    expect(asked).toEqual([]);
    expect(Reflect.get({}, 'admin')).toBeUndefined();
  });

  it('names the field that is wrong, and does not repeat a key that nobody asked for', async () => {
    const { run } = bench({});
    expect(await run('agents.create', { name: ' ', kind: 'other' })).toMatchObject({
      fault: { fields: [{ field: 'name', message: 'Give the agent a name.' }] },
    });
    expect(JSON.stringify(await run('app.status', { 'planted-secret': 1 }))).not.toContain('planted-secret');
  });

  it('cuts off what its shape does not name, at every depth', async () => {
    const { run } = bench({ 'settings.show': () => ({ ...settings, token: 'planted-secret' }) });
    expect(await run('settings.show', {})).toEqual({ ok: true, value: settings });
    const vault = { kind: 'unlocked', protector: { kind: 'keychain', name: 'K', key: 'planted-secret' } };
    const nested = bench({ 'vault.lock': () => vault });
    expect(JSON.stringify(await nested.run('vault.lock', {}))).not.toContain('planted-secret');
  });

  it('passes on a fault with its code, sentence and fields', async () => {
    const fields = [{ field: 'apiKey', message: 'Too short.' }];
    const { run, failures } = bench({
      'connections.test': () => {
        throw new Fault('vendor_timeout', 'The vendor did not answer.', { retryable: true, fields });
      },
    });
    expect(await run('connections.test', { appId: 'a', values: {} })).toEqual({
      ok: false,
      fault: { code: 'vendor_timeout', message: 'The vendor did not answer.', retryable: true, fields },
    });
    expect(failures).toEqual([]);
  });

  it.each([
    [
      'an unknown error',
      () => {
        throw new Error('planted-secret at /home/someone');
      },
    ],
    [
      'a thrown string',
      () => {
        throw 'planted-secret';
      },
    ],
    [
      'a fault that calls itself unexpected',
      () => {
        throw new Fault('unexpected', 'planted-secret');
      },
    ],
    ['an answer of the wrong shape', () => ({ kind: 'planted-secret' })],
  ])('hides %s behind a reference that is also in the log', async (_what, answer) => {
    const { run, failures } = bench({ 'vault.lock': answer });
    const reply = await run('vault.lock', {});
    expect(reply).toMatchObject({ ok: false, fault: { code: 'unexpected', ref: 'ref-1', retryable: false } });
    expect(JSON.stringify(reply)).not.toContain('planted-secret');
    expect(failures).toHaveLength(1);
  });
});
