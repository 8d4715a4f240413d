/**
 * Custom servers as use cases: probe, connect, reconnect, check, list again, accept. Refuses to save anything before the server has
 * taken exactly these credentials and listed its tools.
 */
import { Fault } from '../../preload/contract/reply';
import type { SignInWay } from '../../preload/contract/shapes';
import type { ActivityEntry } from '../activity/record';
import { customAppId } from '../catalog/app';
import type { FormValues } from '../catalog/request-template';
import { createAttempts, refuseCancelled } from '../connections/attempts';
import {
  endOf,
  findConnection,
  freeAlias,
  refuseTakenLabel,
  replaceConnection,
} from '../connections/connect';
import { note } from '../connections/note';
import type { SignIn } from '../connections/sign-in';
import { seedPolicies } from '../policies/seed';
import type { Clock } from '../ports';
import type { ConnectionRecord } from '../store/state-record';
import type { VaultHandle } from '../store/vault';
import { allowAsking } from './allow-asking';
import type { AskKind } from './asked-by-server';
import type { Definitions } from './definitions';
import { join, lookedAt, signedInBefore, stateAfterRefusal, tryOut } from './join-server';
import type { FoundServer } from './probe/found';
import type { ProbeResult } from './probe/probe';
import { widenedScope } from './scopes';
import { checkChoice, type ServerChoice } from './server-choice';
import { acceptDefinitions, applyListing, seedOf } from './server-drift';
import type { ServerLinks } from './server-links';
import { readServer, serverValues } from './server-record';
import type { Hash } from './server-tools';
import type { SignedIn, SignInChoices } from './sign-in-to-server';
import type { Listing } from './tool-server';

export interface CustomNeeds {
  readonly vault: VaultHandle;
  readonly links: ServerLinks;
  readonly definitions: Definitions;
  readonly signIn: Pick<SignIn, 'adopt' | 'forget'>;
  readonly probe: (
    address: string,
    takenNames: readonly string[],
    signal: AbortSignal,
  ) => Promise<ProbeResult>;
  readonly authorize: (
    server: FoundServer,
    choices: SignInChoices,
    how: SignInWay,
    signal: AbortSignal,
  ) => Promise<SignedIn>;
  readonly record: (entry: ActivityEntry) => Promise<unknown>;
  readonly clock: Clock;
  readonly hash: Hash;
  readonly newId: () => string;
  readonly technician: string;
}

/** What is asked for of the wizard. */
export interface WantedServer {
  readonly url: string;
  readonly name: string;
  readonly choice: ServerChoice;
  readonly how: SignInWay;
}

const maxRemembered = 20;
const listAgainMs = 24 * 3_600_000;

export type CustomConnections = ReturnType<typeof createCustomConnections>;

export function createCustomConnections(needs: CustomNeeds) {
  const { vault, links, definitions, clock } = needs;
  const attempts = createAttempts();
  const listedAtMs = new Map<string, number>();
  /** What was found: the window hands back an address only, so that nothing that it says about a sign-in is believed. */
  const remembered = new Map<string, ProbeResult>();
  const probe = async (url: string, signal: AbortSignal): Promise<ProbeResult> => {
    const taken = vault.read().connections.map(({ label }) => label);
    const found = await needs.probe(url, taken, signal);
    remembered.delete(url);
    remembered.set(url, found);
    for (const old of [...remembered.keys()].slice(0, -maxRemembered)) remembered.delete(old);
    return found;
  };
  const serverAt = async (url: string, signal: AbortSignal): Promise<FoundServer> => {
    const found = remembered.get(url) ?? (await probe(url, signal));
    if (found.kind === 'server') return found;
    throw new Fault('vendor_refused', `${found.finding.sentence} ${found.finding.next}`);
  };

  /** A link that was tried out is closed where it cannot be kept. */
  const keptOrClosed = async <Made>(
    connectionId: string,
    link: Awaited<ReturnType<typeof tryOut>>['link'],
    keep: () => Promise<Made>,
  ): Promise<Made> => {
    try {
      return await keep();
    } catch (error) {
      if (links.find(connectionId) !== link) await link.server.close();
      throw error;
    }
  };

  return {
    probe: (url: string): Promise<ProbeResult> =>
      attempts.run(customAppId, (signal) => probe(url.trim(), signal)),

    cancel: (connectionId?: string): void => attempts.cancel(connectionId ?? customAppId),

    connect: (wanted: WantedServer): Promise<ConnectionRecord> =>
      attempts.run(customAppId, async (signal) => {
        const choice = checkChoice(wanted.choice);
        refuseTakenLabel(vault.read(), wanted.name);
        const server = await serverAt(wanted.url.trim(), signal);
        const joined = await join(needs, server, choice, wanted.how, signal, undefined);
        const connectionId = needs.newId();
        const trial = { connectionId, label: wanted.name, values: serverValues(joined.facts) };
        const { link, tookMs } = await tryOut(needs, trial, joined.secret, signal);
        return await keptOrClosed(connectionId, link, async () => {
          refuseCancelled(signal);
          const made = await saveNew(needs, trial, joined.secret, link.server.listing(), tookMs);
          link.saved();
          links.keep(made, link);
          needs.signIn.adopt(connectionId, joined.secret);
          listedAtMs.set(connectionId, clock.nowMs());
          remembered.delete(wanted.url.trim());
          const count = link.server.tools().length;
          const override = joined.facts.auth === 'oauth' && joined.facts.withoutPkce !== undefined;
          const pkce = override ? ' PKCE was not offered and was waived by name.' : '';
          await note(
            needs,
            made,
            'connected',
            `Custom MCP server at ${joined.facts.url}; ${count} tools seeded.${pkce}`,
          );
          return made;
        });
      }),

    /** Replaces the credentials and keeps the policies. */
    async reconnect(connectionId: string, typed: ServerChoice, how: SignInWay): Promise<ConnectionRecord> {
      const before = findConnection(vault.read(), connectionId);
      return await attempts.run(connectionId, async (signal) => {
        const choice = checkChoice(typed);
        const known = await signedInBefore(needs, before);
        // The server may have moved its sign-in since, so it is looked at anew.
        const { url } = readServer(before.values);
        await probe(url, signal);
        const server = await serverAt(url, signal);
        const joined = await join(needs, server, choice, how, signal, known);
        const { mayAsk } = readServer(before.values);
        const values = serverValues({ ...joined.facts, mayAsk });
        const trial = { connectionId, label: before.label, values };
        const { link, tookMs } = await tryOut(needs, trial, joined.secret, signal);
        const listing = link.server.listing();
        await keptOrClosed(connectionId, link, async () => {
          refuseCancelled(signal);
          const checked = { lastCheckedAtMs: clock.nowMs(), lastCheckTookMs: tookMs };
          const fields = {
            values,
            state: { kind: 'connected' as const },
            ...checked,
            ...endOf(joined.secret),
          };
          await replaceConnection(needs, connectionId, fields, joined.secret);
          needs.signIn.forget(connectionId);
          needs.signIn.adopt(connectionId, joined.secret);
          link.saved();
          links.keep(findConnection(vault.read(), connectionId), link);
        });
        await relisted(connectionId, listing);
        await note(needs, before, 'connected', 'Reconnected; policies kept.');
        return findConnection(vault.read(), connectionId);
      });
    },

    /** @param how `quietly` lists the tools once a day only, and leaves the state as it was when there is no answer. */
    async check(connectionId: string, how: 'by hand' | 'quietly' = 'by hand'): Promise<ConnectionRecord> {
      findConnection(vault.read(), connectionId);
      return await attempts.run(connectionId, async (signal) => {
        const link = links.of(connectionId);
        const startedMs = clock.nowMs();
        const isDue = startedMs - (listedAtMs.get(connectionId) ?? 0) >= listAgainMs;
        const state = await lookedAt(link, how === 'by hand' || isDue);
        refuseCancelled(signal);
        if (how === 'quietly' && state.kind === 'error') throw new Fault('vendor_unreachable', state.reason);
        const { values, state: before } = findConnection(vault.read(), connectionId);
        // Rights that are missing are missing until somebody has granted them.
        const lacksRights = state.kind === 'connected' && values.moreScope !== undefined;
        await replaceConnection(needs, connectionId, {
          state: lacksRights ? before : state,
          lastCheckedAtMs: clock.nowMs(),
          lastCheckTookMs: Math.max(0, clock.nowMs() - startedMs),
        });
        return findConnection(vault.read(), connectionId);
      });
    },

    /** A call was refused: what that says of the connection is told to a person, who alone can sign in with more rights. */
    async refused(connectionId: string): Promise<void> {
      const refusal = links.find(connectionId)?.refusal();
      const state = stateAfterRefusal(refusal);
      const before = findConnection(vault.read(), connectionId);
      if (state === undefined) return;
      const facts = readServer(before.values);
      const known = facts.auth === 'oauth' ? facts.moreScope : undefined;
      const moreScope = facts.auth === 'oauth' ? widenedScope(known, refusal?.challenge.scope) : undefined;
      // Nothing new is not written down again, however often a server refuses.
      if (state.kind === before.state.kind && moreScope === known) return;
      const values = moreScope === undefined ? before.values : { ...before.values, moreScope };
      await replaceConnection(needs, connectionId, { state, values });
    },

    relisted,

    /** What a technician has looked at is pinned from now on. @throws Fault `not_found`, `policy_conflict` */
    accept: (connectionId: string, names: readonly string[], baseRevision: number): Promise<void> =>
      acceptDefinitions(needs, connectionId, names, baseRevision),

    allow: (connectionId: string, mayAsk: readonly AskKind[]): Promise<ConnectionRecord> =>
      attempts.run(connectionId, () => allowAsking(needs, connectionId, mayAsk)),

    /** Definitions of a connection that is gone. */
    async forget(connectionId: string): Promise<void> {
      listedAtMs.delete(connectionId);
      await definitions.remove(connectionId);
    },
  };

  async function relisted(connectionId: string, listing: Listing): Promise<void> {
    if (vault.read().policies[connectionId] === undefined) return;
    listedAtMs.set(connectionId, clock.nowMs());
    await applyListing(needs, connectionId, listing);
  }
}

async function saveNew(
  needs: CustomNeeds,
  { connectionId, label, values }: Pick<ConnectionRecord, 'connectionId' | 'label' | 'values'>,
  secret: FormValues,
  listing: Listing,
  tookMs: number,
): Promise<ConnectionRecord> {
  const { vault, clock, definitions, hash } = needs;
  const atMs = clock.nowMs();
  const seeds = listing.tools.map(seedOf);
  await definitions.keep(connectionId, listing);
  await vault.update(
    (state) => {
      refuseTakenLabel(state, label);
      const record: ConnectionRecord = {
        connectionId,
        appId: customAppId,
        label,
        alias: freeAlias(state, aliasOf(label)),
        values,
        account: '',
        state: { kind: 'connected' },
        connectedAtMs: atMs,
        lastCheckedAtMs: atMs,
        lastCheckTookMs: tookMs,
        noticeOpen: true,
        toolsHash: hash(seeds.map((tool) => `${tool.name} ${tool.definitionHash}`).join('\n')),
        ...endOf(secret),
      };
      return {
        ...state,
        connections: [...state.connections, record],
        policies: { ...state.policies, [connectionId]: seedPolicies(label, seeds) },
      };
    },
    { [connectionId]: secret },
  );
  return findConnection(vault.read(), connectionId);
}

/** Letters and digits of the name, for the first part of what agents call the tools. */
function aliasOf(label: string): string {
  const letters = label
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .slice(0, 14);
  return letters.length < 2 ? 'mcp' : letters;
}
