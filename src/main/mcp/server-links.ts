/**
 * The open links to the custom servers that are connected: one for each, opened when the vault opens and closed when it locks. Each
 * puts the credentials of its connection on its requests; nothing of them stays here.
 */
import { Fault } from '../../preload/contract/reply';
import type { FormValues } from '../catalog/request-template';
import type { SignIn } from '../connections/sign-in';
import type { ConnectionRecord } from '../store/state-record';
import type { AskKind } from './asked-by-server';
import type { Refusal, ServerCredentials } from './credentials';
import { readServer, serverApp } from './server-record';
import type { Listing, ListKind, ToolServer } from './tool-server';

export interface OpenServer extends ToolServer {
  /** Never rejects: the state tells how it went. */
  connect(): Promise<void>;
  /** Lists the tools again. @throws Fault */
  refresh(): Promise<void>;
  /** The same object until the server lists something else. */
  listing(): Listing;
  close(): Promise<void>;
}

export interface WantedLink {
  readonly name: string;
  readonly url: string;
  readonly transport: 'streamable_http' | 'http_sse';
  /** What the server is told that agents can be asked for. */
  readonly mayAsk: readonly AskKind[];
  readonly credentials: ServerCredentials;
  readonly onChanged: () => void;
  readonly onListChanged: (kind: ListKind) => void;
}

export interface LinkNeeds {
  readonly signIn: Pick<SignIn, 'headers' | 'renews' | 'forget'>;
  /** @throws Fault `secret_missing`, `vault_locked` */
  readonly readSecret: (connectionId: string) => Promise<FormValues>;
  readonly open: (wanted: WantedLink) => OpenServer;
  /** Told when a server lists other tools than before. */
  readonly onListed: (connectionId: string, listing: Listing) => void;
  /** Told when a server says that it has other resources or prompts than before. */
  readonly onListChanged?: ((connectionId: string, kind: ListKind) => void) | undefined;
  readonly onChanged: () => void;
  /** Told when a server does not take the credentials of a call any more. */
  readonly onRefused: (connectionId: string) => void;
}

/** Credentials that are tried before they are saved, or undefined for those in the vault. */
export interface Trial {
  readonly secret: FormValues;
}

export interface KeptLink {
  readonly server: OpenServer;
  /** What the server said when it last refused the credentials; undefined when it took them. */
  refusal(): Refusal | undefined;
  /** From now on the credentials are those of the vault. */
  saved(): void;
}

type Kept = Pick<ConnectionRecord, 'connectionId' | 'label' | 'values'>;

/** What a link is made of. The scopes that a server asks for besides change nothing before somebody has signed in anew. */
function keyOf({ values, label }: Kept): string {
  const { moreScope: _asked, ...made } = values;
  return JSON.stringify([made, label]);
}

export function createServerLinks(needs: LinkNeeds) {
  const links = new Map<string, KeptLink & { readonly key: string }>();

  const open = (record: Kept, trial?: Trial): KeptLink & { readonly key: string } => {
    const { connectionId, values, label } = record;
    const app = serverApp(values);
    const { url, transport, mayAsk } = readServer(values);
    let tried = trial;
    let refusal: Refusal | undefined;
    let listed: Listing | undefined;
    const server: OpenServer = needs.open({
      name: label,
      url,
      transport,
      mayAsk,
      onListChanged: (kind) => needs.onListChanged?.(connectionId, kind),
      credentials: {
        headers: async () => {
          const secret = tried?.secret ?? (await needs.readSecret(connectionId));
          const key = tried === undefined ? connectionId : undefined;
          return await needs.signIn.headers(key, app, { open: values, secret });
        },
        refused: async (said) => {
          refusal = said;
          if (tried !== undefined) return false;
          // An access that has ended is renewed once; the connection tells a person when that does not help.
          const renews = said.status === 401 && !said.isFinal && needs.signIn.renews(app);
          if (renews) needs.signIn.forget(connectionId);
          else needs.onRefused(connectionId);
          return renews;
        },
      },
      onChanged: () => {
        if (server.state().kind === 'ready') refusal = undefined;
        needs.onChanged();
        const listing = server.listing();
        if (tried !== undefined || server.state().kind !== 'ready' || listing === listed) return;
        listed = listing;
        needs.onListed(connectionId, listing);
      },
    });
    return {
      key: keyOf(record),
      server,
      refusal: () => refusal,
      saved: () => {
        tried = undefined;
        listed = server.listing();
      },
    };
  };

  return {
    /** A link that is not kept yet: with credentials that nobody has saved. */
    open,
    keep(record: Kept, link: KeptLink): void {
      void links.get(record.connectionId)?.server.close();
      links.set(record.connectionId, { ...link, key: keyOf(record) });
    },
    /** @throws Fault `not_found` */
    of(connectionId: string): KeptLink {
      const found = links.get(connectionId);
      if (found === undefined)
        throw new Fault('not_found', 'This server is not open. Unlock the vault first.');
      return found;
    },
    find: (connectionId: string): KeptLink | undefined => links.get(connectionId),
    /** Opens what is missing, opens anew what was changed, closes what went. @param records None while the vault is locked. */
    sync(records: readonly Kept[]): void {
      const wanted = new Map(records.map((record) => [record.connectionId, record]));
      for (const [connectionId, link] of links) {
        const record = wanted.get(connectionId);
        if (record !== undefined && link.key === keyOf(record)) continue;
        links.delete(connectionId);
        void link.server.close();
      }
      for (const record of records) {
        if (links.has(record.connectionId)) continue;
        const link = open(record);
        links.set(record.connectionId, link);
        void link.server.connect();
      }
    },
    /** Opens a link anew whose record was changed; what it was told at the handshake holds no longer. */
    async reopen(record: Kept): Promise<void> {
      const link = links.get(record.connectionId);
      if (link !== undefined && link.key === JSON.stringify([record.values, record.label])) return;
      void link?.server.close();
      const anew = open(record);
      links.set(record.connectionId, anew);
      await anew.server.connect();
    },
    async close(): Promise<void> {
      const open = [...links.values()];
      links.clear();
      await Promise.all(open.map(({ server }) => server.close()));
    },
  };
}

export type ServerLinks = ReturnType<typeof createServerLinks>;
