/** The grid of apps: search, category, connected; a first start explains itself. */
import { useCallback, useMemo, useState } from 'react';
import type { AppCardView, ConnectionView } from '../../../../preload/contract/shapes';
import { Button } from '../../parts/Button';
import { SearchBox, Segments } from '../../parts/Entries';
import { Page } from '../../parts/Page';
import { Empty, Skeleton } from '../../parts/Say';
import { VirtualGrid } from '../../parts/VirtualGrid';
import { useFacts } from '../../stores/facts';
import { go } from '../../stores/view';
import { plural } from '../../words';
import { ConnectDialog } from '../connect/ConnectDialog';
import { DisconnectDialog } from '../disconnect/DisconnectDialog';
import { AddServer } from '../servers/AddServer';
import { Card } from './Card';
import { byCard, type CardItem, cardsOf, categoriesOf, keyOfServers } from './cards';
import { FirstStart } from './FirstStart';
import { searchApps } from './search-apps';
import { UnrevokedNotices } from './Unrevoked';

const keyOf = ({ app, connection }: CardItem) => connection?.connectionId ?? app.appId;

type Open =
  | { readonly kind: 'add' }
  | { readonly kind: 'connect'; readonly appId: string }
  | { readonly kind: 'disconnect'; readonly connection: ConnectionView };

export function Integrations(props: {
  /** The connect form of this app is open. */
  readonly connecting: string | undefined;
  readonly isAdding: boolean;
}) {
  const apps = useFacts((facts) => facts.apps);
  const connections = useFacts((facts) => facts.connections);
  if (apps === undefined || connections === undefined) {
    return (
      <Page title="Integrations" crumb="MSP Settings">
        <Skeleton rows={6} height={92} label="Loading the integrations" />
      </Page>
    );
  }
  return <Grid apps={apps} connections={connections} first={firstOpen(props)} />;
}

function firstOpen({ connecting, isAdding }: Parameters<typeof Integrations>[0]): Open | undefined {
  if (isAdding) return { kind: 'add' };
  return connecting === undefined ? undefined : { kind: 'connect', appId: connecting };
}

function Grid(props: {
  readonly apps: readonly AppCardView[];
  readonly connections: readonly ConnectionView[];
  readonly first: Open | undefined;
}) {
  const { apps, connections } = props;
  const serverTools = useFacts((facts) => facts.serverTools);
  const [text, setText] = useState('');
  const [category, setCategory] = useState('All');
  const [onlyConnected, setOnlyConnected] = useState(false);
  const [isConnecting, setConnecting] = useState(false);
  const [open, setOpen] = useState<Open | undefined>(props.first);
  const serversKey = keyOfServers(connections);
  // biome-ignore lint/correctness/useExhaustiveDependencies: connections change with every call; the key has what stands on cards.
  const cards = useMemo(() => cardsOf(apps, connections, serverTools), [apps, serversKey, serverTools]);
  const search = useMemo(() => searchApps(cards), [cards]);
  const found = useMemo(() => {
    const byId = new Map(cards.map((app) => [app.appId, app]));
    return search(text).flatMap((appId) => byId.get(appId) ?? []);
  }, [cards, search, text]);
  const joined = useMemo(() => byCard(connections), [connections]);
  const reached = useMemo(
    () => (onlyConnected ? found.filter((app) => joined.has(app.appId)) : found),
    [found, joined, onlyConnected],
  );
  const shown = useMemo(
    () => (category === 'All' ? reached : reached.filter((app) => app.category === category)),
    [reached, category],
  );
  // With one app there is nothing to choose; otherwise the choice is the grid below.
  const connectFirst = () => {
    const [only, ...others] = apps;
    if (only !== undefined && others.length === 0) setOpen({ kind: 'connect', appId: only.appId });
    else document.querySelector<HTMLButtonElement>('[data-card] button')?.focus();
  };
  const items = useMemo(
    () =>
      shown.flatMap((app): readonly CardItem[] =>
        (joined.get(app.appId) ?? [undefined]).map((connection) => ({ app, connection })),
      ),
    [shown, joined],
  );
  const connect = useCallback((appId: string) => setOpen({ kind: 'connect', appId }), []);
  const disconnect = useCallback(
    (connection: ConnectionView) => setOpen({ kind: 'disconnect', connection }),
    [],
  );
  const add = () => setOpen({ kind: 'add' });
  const everything = () => {
    setText('');
    setCategory('All');
    setOnlyConnected(false);
  };
  return (
    <Page
      title="Integrations"
      crumb="MSP Settings"
      scrolls
      actions={<Button onClick={add}>Add MCP Server</Button>}
      bar={
        <>
          <SearchBox label="Search integrations" value={text} onChange={setText} wide />
          <Segments
            label="Category"
            value={category}
            onChange={setCategory}
            options={categoriesOf(cards, reached)}
          />
          <div className="ml-auto flex items-center gap-3">
            <p role="status" className={text === '' ? 'sr-only' : 'text-soft'}>
              {plural(shown.length, 'match', 'matches')}
            </p>
            <Button kind="quiet" pressed={onlyConnected} onClick={() => setOnlyConnected(!onlyConnected)}>
              Connected <span className="text-soft">{joined.size}</span>
            </Button>
          </div>
        </>
      }
    >
      <UnrevokedNotices />
      {connections.length === 0 ? <FirstStart onConnect={connectFirst} /> : null}
      {shown.length === 0 ? (
        <Empty
          action={
            <div className="flex flex-wrap justify-center gap-2">
              <Button onClick={everything}>Show all integrations</Button>
              <Button onClick={add}>Add MCP Server</Button>
            </div>
          }
        >
          {text === ''
            ? 'No app is connected here yet.'
            : `No app matches “${text}” here. A tool that has an MCP server of its own can be added by its address.`}
        </Empty>
      ) : null}
      {items.length === 0 ? null : (
        <VirtualGrid
          label="Integrations"
          items={items}
          keyOf={keyOf}
          minColumnPx={240}
          rowPx={138}
          card={({ app, connection }, place) => (
            <Card
              app={app}
              connection={connection}
              isConnecting={isConnecting && open?.kind === 'connect' && open.appId === app.appId}
              place={place}
              onConnect={connect}
              onDisconnect={disconnect}
            />
          )}
        />
      )}
      {open?.kind === 'add' ? (
        <AddServer
          onClose={() => setOpen(undefined)}
          onDone={(made) => go({ kind: 'connection', connectionId: made.connectionId })}
        />
      ) : null}
      {open?.kind === 'connect' ? (
        <ConnectDialog
          appId={open.appId}
          onConnecting={setConnecting}
          onClose={() => setOpen(undefined)}
          onDone={(made) => go({ kind: 'connection', connectionId: made.connectionId })}
        />
      ) : null}
      {open?.kind === 'disconnect' ? (
        <DisconnectDialog connection={open.connection} onClose={() => setOpen(undefined)} />
      ) : null}
    </Page>
  );
}
