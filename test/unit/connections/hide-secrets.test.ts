/** A vendor that repeats our credentials tells nobody. */
import { describe, expect, it } from 'vitest';
import { callVendor } from '../../../src/main/connections/call-vendor';
import { createConnections } from '../../../src/main/connections/connect';
import { hideSecrets, withoutSecrets } from '../../../src/main/connections/hide-secrets';
import { createSignIn } from '../../../src/main/connections/sign-in';
import type { InboundAnswer, OutboundRequest } from '../../../src/main/ports';
import type { Fault } from '../../../src/preload/contract/reply';
import { HandClock } from '../../fakes/hand-clock';
import { byHand, madeUpApp, nobodySignsIn, noGrants } from '../../fakes/made-up-app';
import { vaultBench } from '../../fakes/vault-bench';

const key = 'k3y-"with"/quotes';
const answer = (text: string, status = 200): InboundAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  text,
  tookMs: 1,
});

describe('our own credentials in an answer', () => {
  it('are taken out as they are, escaped for JSON, and encoded for an address', () => {
    const text = `${key} ${JSON.stringify({ key })} ?key=${encodeURIComponent(key)}`;
    expect(withoutSecrets(text, [key])).toBe('••• {"key":"•••"} ?key=•••');
  });

  it('are taken out in the form of the headers, too', () => {
    const headers = { Authorization: 'Basic dXNlcjpzZWNyZXQ=', 'X-Token': 'tok-123456' };
    const { text } = hideSecrets(answer('{"you":"dXNlcjpzZWNyZXQ=","token":"tok-123456"}'), {}, headers);
    expect(JSON.parse(text)).toEqual({ you: '•••', token: '•••' });
  });

  it('leave an answer as it is where they are not, or are too short to be told from words', () => {
    const honest = answer('{"a":"on"}');
    expect(hideSecrets(honest, { pin: 'on' }, {})).toBe(honest);
  });

  it('do not stop at a secret that holds another one', () => {
    expect(withoutSecrets('abcdef abcdefgh', ['abcdef', 'abcdefgh'])).toBe('••• •••');
  });
});

describe('a vendor that repeats the key', () => {
  const app = madeUpApp(byHand);
  const values = { site: 'acme', key };

  async function house(says: (request: OutboundRequest) => InboundAnswer) {
    const { vault } = vaultBench();
    await vault.open();
    const log: unknown[] = [];
    const clock = new HandClock();
    const send = async (_key: string, request: OutboundRequest) => says(request);
    const signIn = createSignIn({ clock, send, granted: noGrants });
    const connections = createConnections({
      signIn,
      authorize: nobodySignsIn,
      apps: new Map([[app.id, app]]),
      appOf: () => app,
      vault,
      send,
      record: async (entry) => log.push(entry),
      clock,
      hash: (text) => text,
      newId: () => 'con_0000000000',
      technician: 'm.weber',
    });
    return { vault, log, send, signIn, connections };
  }

  it('while one connects, tells neither the screen nor the log', async () => {
    const { connections, log } = await house(() =>
      answer(JSON.stringify({ message: `Key ${key} is unknown` }), 401),
    );
    const fault: Fault = await connections.connect(app.id, 'Vendor', values).then(
      () => Promise.reject(new Error('It should have been refused.')),
      (error: Fault) => error,
    );
    expect(fault.message).toContain('Key ••• is unknown');
    expect(JSON.stringify([fault.message, log])).not.toContain('k3y');
  });

  it('in an answer or in an error, tells no agent', async () => {
    let status = 200;
    const echo = (request: OutboundRequest) =>
      answer(JSON.stringify({ id: 1, message: request.headers }), status);
    const { connections, vault, send, signIn } = await house(echo);
    const connection = await connections.connect(app.id, 'Vendor', values);
    const [tool] = app.tools;
    if (tool === undefined) throw new Error('There is no tool.');
    for (status of [200, 500]) {
      const { signal } = new AbortController();
      const { result } = await callVendor({ vault, send, signIn }, connection, app, tool, {}, signal);
      expect(JSON.stringify(result)).not.toContain('k3y');
    }
  });

  it('at a check, leaves nothing of it in the state', async () => {
    let status = 200;
    const { connections, vault } = await house(() => answer(JSON.stringify({ id: 1, message: key }), status));
    const { connectionId } = await connections.connect(app.id, 'Vendor', values);
    status = 403;
    await connections.check(connectionId);
    expect(vault.read().connections[0]?.state).toMatchObject({ kind: 'needs_authorization' });
    expect(JSON.stringify(vault.read())).not.toContain('k3y');
  });
});
