/** The grid of apps: search, category, connected; a first start explains itself. */
import { useState } from 'react';
import type { AppCardView, ConnectionView } from '../../../preload/contract/shapes';
import { call } from '../bridge';
import { Badge, Button, Empty, Logo, Page } from '../parts/parts';
import { useFacts } from '../stores/facts';
import { go, tell } from '../stores/view';
import { plural, sentenceOf, stateLabel, stateTone } from '../words';
import { ConnectDialog } from './ConnectDialog';
import { DisconnectDialog } from './DisconnectDialog';

type Open =
  | { readonly kind: 'connect'; readonly appId: string }
  | { readonly kind: 'disconnect'; readonly connection: ConnectionView };

export function Integrations() {
  const { apps, connections, status } = useFacts();
  const [search, setSearch] = useState('');
  const [category, setCategory] = useState('All');
  const [onlyConnected, setOnlyConnected] = useState(false);
  const [open, setOpen] = useState<Open>();
  const ofApp = (appId: string) => connections.filter((one) => one.appId === appId);
  const shown = apps.filter(
    (app) =>
      matches(app, search) &&
      (category === 'All' || app.category === category) &&
      (!onlyConnected || ofApp(app.appId).length > 0),
  );
  const categories = ['All', ...new Set(apps.map((app) => app.category))];
  return (
    <Page title="Integrations" crumb="MSP Settings">
      {connections.length === 0 ? <FirstStart isPractice={status?.practice === true} /> : null}
      <div className="flex flex-wrap items-center gap-3">
        <input
          type="search"
          aria-label="Search integrations"
          placeholder="Search integrations"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          className="w-60"
        />
        <div role="radiogroup" aria-label="Category" className="m-0 flex gap-3 border-0 p-0">
          {categories.map((name) => (
            <label key={name} className="flex items-center gap-1">
              <input
                type="radio"
                name="category"
                checked={category === name}
                onChange={() => setCategory(name)}
              />
              {name}{' '}
              <span className="text-soft">
                {apps.filter((app) => name === 'All' || app.category === name).length}
              </span>
            </label>
          ))}
        </div>
        <label className="ml-auto flex items-center gap-1">
          <input type="checkbox" checked={onlyConnected} onChange={() => setOnlyConnected(!onlyConnected)} />
          Connected{' '}
          <span className="text-soft">{apps.filter((app) => ofApp(app.appId).length > 0).length}</span>
        </label>
      </div>
      <p role="status" className="sr-only">
        {plural(shown.length, 'app matches', 'apps match')}
      </p>
      {shown.length === 0 ? <Empty>No app matches. Try fewer letters or another category.</Empty> : null}
      <div className="grid grid-cols-[repeat(auto-fill,minmax(236px,1fr))] gap-3">
        {shown.flatMap((app) => {
          const joined = ofApp(app.appId);
          if (joined.length === 0)
            return (
              <Card
                key={app.appId}
                app={app}
                onConnect={() => setOpen({ kind: 'connect', appId: app.appId })}
              />
            );
          return joined.map((connection) => (
            <Card
              key={connection.connectionId}
              app={app}
              connection={connection}
              onDisconnect={() => setOpen({ kind: 'disconnect', connection })}
            />
          ));
        })}
      </div>
      {open?.kind === 'connect' ? (
        <ConnectDialog
          appId={open.appId}
          onClose={() => setOpen(undefined)}
          onDone={(connection) => go({ kind: 'connection', connectionId: connection.connectionId })}
        />
      ) : null}
      {open?.kind === 'disconnect' ? (
        <DisconnectDialog connection={open.connection} onClose={() => setOpen(undefined)} />
      ) : null}
    </Page>
  );
}

function matches(app: AppCardView, search: string): boolean {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const text = [app.name, app.vendor, app.category, ...app.keywords, ...app.toolNames]
    .join(' ')
    .toLowerCase();
  return words.every((word) => text.includes(word));
}

function Card(props: {
  readonly app: AppCardView;
  readonly connection?: ConnectionView;
  readonly onConnect?: () => void;
  readonly onDisconnect?: () => void;
}) {
  const { app, connection } = props;
  const name = connection?.label ?? app.name;
  return (
    <article aria-label={name} className="flex h-[138px] flex-col rounded-lg border border-line bg-card p-3">
      <div className="flex gap-2">
        <Logo logo={app.logo} />
        <div className="min-w-0">
          <h2 className="m-0 truncate text-[14px] font-semibold" title={name}>
            {name}
          </h2>
          <div className="text-[12px] text-soft">
            {app.category} · {app.toolNames.length} tools
          </div>
        </div>
      </div>
      <p className="m-0 mt-2 line-clamp-2 text-soft">{app.summary}</p>
      <div className="mt-auto flex items-center gap-1">
        {connection === undefined ? (
          <div className="ml-auto">
            <Button kind="primary" onClick={() => props.onConnect?.()}>
              Connect
            </Button>
          </div>
        ) : (
          <>
            <Badge
              tone={stateTone(connection.state.kind)}
              {...('reason' in connection.state ? { title: connection.state.reason } : {})}
            >
              {stateLabel[connection.state.kind]}
            </Badge>
            <div className="ml-auto flex">
              <Button onClick={() => go({ kind: 'connection', connectionId: connection.connectionId })}>
                Manage
              </Button>
              <Button kind="link" onClick={() => props.onDisconnect?.()}>
                Disconnect
              </Button>
            </div>
          </>
        )}
      </div>
    </article>
  );
}

function FirstStart({ isPractice }: { readonly isPractice: boolean }) {
  return (
    <section aria-label="First start" className="rounded-lg border border-line bg-card p-4">
      <p className="m-0 max-w-[70ch]">
        Gatehouse joins your tools to AI agents. You decide tool by tool what an agent may do, and it asks you
        where you want to be asked. Every call is written down, and your keys never leave this computer’s
        vault.
      </p>
      <div className="mt-3 flex gap-2">
        <Button
          kind="primary"
          onClick={() => document.querySelector<HTMLInputElement>('input[type=search]')?.focus()}
        >
          Connect your first app
        </Button>
        {isPractice ? null : (
          <Button
            onClick={() =>
              void call('app.openPractice', {}).catch((error: unknown) => tell(sentenceOf(error)))
            }
          >
            Open the practice workspace
          </Button>
        )}
      </div>
    </section>
  );
}
