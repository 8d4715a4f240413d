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
import { Card } from './Card';
import { FirstStart } from './FirstStart';
import { searchApps } from './search-apps';
import { UnrevokedNotices } from './Unrevoked';

interface Item {
  readonly app: AppCardView;
  readonly connection: ConnectionView | undefined;
}

const keyOf = ({ app, connection }: Item) => connection?.connectionId ?? app.appId;

type Open =
  | { readonly kind: 'connect'; readonly appId: string }
  | { readonly kind: 'disconnect'; readonly connection: ConnectionView };

export function Integrations({ connecting }: { readonly connecting: string | undefined }) {
  const apps = useFacts((facts) => facts.apps);
  const connections = useFacts((facts) => facts.connections);
  if (apps === undefined || connections === undefined) {
    return (
      <Page title="Integrations" crumb="MSP Settings">
        <Skeleton rows={6} height={92} label="Loading the integrations" />
      </Page>
    );
  }
  return <Grid apps={apps} connections={connections} connecting={connecting} />;
}

function Grid(props: {
  readonly apps: readonly AppCardView[];
  readonly connections: readonly ConnectionView[];
  readonly connecting: string | undefined;
}) {
  const { apps, connections, connecting } = props;
  const [text, setText] = useState('');
  const [category, setCategory] = useState('All');
  const [onlyConnected, setOnlyConnected] = useState(false);
  const [isConnecting, setConnecting] = useState(false);
  const [open, setOpen] = useState<Open | undefined>(
    connecting === undefined ? undefined : { kind: 'connect', appId: connecting },
  );
  const search = useMemo(() => searchApps(apps), [apps]);
  const found = useMemo(() => {
    const byId = new Map(apps.map((app) => [app.appId, app]));
    return search(text).flatMap((appId) => byId.get(appId) ?? []);
  }, [apps, search, text]);
  const joined = useMemo(() => byApp(connections), [connections]);
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
      shown.flatMap((app): readonly Item[] =>
        (joined.get(app.appId) ?? [undefined]).map((connection) => ({ app, connection })),
      ),
    [shown, joined],
  );
  const connect = useCallback((appId: string) => setOpen({ kind: 'connect', appId }), []);
  const disconnect = useCallback(
    (connection: ConnectionView) => setOpen({ kind: 'disconnect', connection }),
    [],
  );
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
      bar={
        <>
          <SearchBox label="Search integrations" value={text} onChange={setText} wide />
          <Segments
            label="Category"
            value={category}
            onChange={setCategory}
            options={categoriesOf(apps, reached)}
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
        <Empty action={<Button onClick={everything}>Show all integrations</Button>}>
          {text === '' ? 'No app is connected here yet.' : `No app matches “${text}” here.`}
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

/** All first, then the categories as they stand; each with how many of what is found lie in it. */
function categoriesOf(apps: readonly AppCardView[], reached: readonly AppCardView[]) {
  const names = [...new Set(apps.map((app) => app.category))];
  return [
    { value: 'All', label: 'All', count: reached.length },
    ...names.map((name) => ({
      value: name,
      label: name,
      count: reached.filter((app) => app.category === name).length,
    })),
  ];
}

function byApp(connections: readonly ConnectionView[]): ReadonlyMap<string, readonly ConnectionView[]> {
  const groups = new Map<string, ConnectionView[]>();
  for (const one of connections) groups.set(one.appId, [...(groups.get(one.appId) ?? []), one]);
  return groups;
}
