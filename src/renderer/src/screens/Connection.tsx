/** One connection: its facts, its policies, and the edits that wait for Save. */
import { useCallback, useEffect, useState } from 'react';
import { Fault } from '../../../preload/contract/reply';
import type { ConnectionId, ConnectionView, PoliciesView } from '../../../preload/contract/shapes';
import { call, onFeed } from '../bridge';
import { Badge, Button, Empty, Page, Problem } from '../parts/parts';
import { type Draft, editsOf, relaid } from '../stores/draft';
import { useFacts } from '../stores/facts';
import { go, useView } from '../stores/view';
import { ago, plural, sentenceOf, stateLabel, stateTone } from '../words';
import { ConnectDialog } from './ConnectDialog';
import { DisconnectDialog } from './DisconnectDialog';
import { PolicyTable } from './PolicyTable';

export function Connection({ connectionId }: { readonly connectionId: ConnectionId }) {
  const connection = useFacts((facts) => facts.connections.find((one) => one.connectionId === connectionId));
  const [policies, setPolicies] = useState<PoliciesView>();
  const [draft, setDraft] = useState<Draft>(new Map());
  const [problem, setProblem] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [open, setOpen] = useState<'reconnect' | 'disconnect'>();
  const fail = (error: unknown) => setProblem(sentenceOf(error));

  const load = useCallback(async () => {
    const fresh = await call('policies.show', { connectionId });
    setPolicies(fresh);
    setDraft((before) => relaid(before, fresh.rows));
  }, [connectionId]);
  useEffect(() => {
    load().catch((error: unknown) => setProblem(sentenceOf(error)));
    return onFeed('policies.changed', (changed) => {
      if (changed.connectionId === connectionId)
        load().catch((error: unknown) => setProblem(sentenceOf(error)));
    });
  }, [connectionId, load]);
  useEffect(() => {
    useView.setState({ hasDraft: draft.size > 0 });
    return () => useView.setState({ hasDraft: false });
  }, [draft]);

  const busily = async (run: () => Promise<void>) => {
    setBusy(true);
    setProblem('');
    await run().catch(fail);
    setBusy(false);
  };
  const save = () =>
    busily(async () => {
      if (policies === undefined) return;
      try {
        setPolicies(
          await call('policies.save', {
            connectionId,
            baseRevision: policies.revision,
            edits: editsOf(draft),
          }),
        );
        setDraft(new Map());
      } catch (error) {
        if (error instanceof Fault && error.code === 'policy_conflict') await load();
        throw error;
      }
    });
  if (connection === undefined) {
    return (
      <Page title="Connection">
        <Empty>This connection is gone. It was disconnected.</Empty>
      </Page>
    );
  }
  return (
    <>
      <Page
        title={connection.label}
        crumb={<Crumb name={connection.appName} />}
        badge={<Badge tone={stateTone(connection.state.kind)}>{stateLabel[connection.state.kind]}</Badge>}
        actions={
          <>
            <Button
              disabled={isBusy}
              onClick={() =>
                void busily(async () => void (await call('connections.check', { connectionId })))
              }
            >
              Test connection
            </Button>
            <Button onClick={() => setOpen('reconnect')}>Reconnect</Button>
            <Button kind="danger" onClick={() => setOpen('disconnect')}>
              Disconnect
            </Button>
          </>
        }
      >
        <Facts connection={connection} />
        <Problem>{problem}</Problem>
        {connection.noticeOpen ? <Seeded connection={connection} onFault={fail} /> : null}
        {policies === undefined ? null : <PolicyTable policies={policies} draft={draft} onDraft={setDraft} />}
      </Page>
      {draft.size === 0 ? null : (
        <div className="flex items-center gap-3 border-t border-line bg-card px-6 py-3">
          <strong>{plural(draft.size, 'unsaved change')}</strong>
          <span className="text-soft">Agents keep the saved policies until you save.</span>
          <div className="ml-auto flex gap-2">
            <Button onClick={() => setDraft(new Map())}>Discard</Button>
            <Button kind="primary" disabled={isBusy} onClick={() => void save()}>
              {`Save ${plural(draft.size, 'change')}`}
            </Button>
          </div>
        </div>
      )}
      {open === 'disconnect' ? (
        <DisconnectDialog connection={connection} onClose={() => setOpen(undefined)} />
      ) : null}
      {open === 'reconnect' ? (
        <ConnectDialog
          appId={connection.appId}
          reconnect={connection}
          onClose={() => setOpen(undefined)}
          onDone={() => setOpen(undefined)}
        />
      ) : null}
    </>
  );
}

function Crumb({ name }: { readonly name: string }) {
  return (
    <>
      <button type="button" onClick={() => go({ kind: 'integrations' })}>
        Integrations
      </button>{' '}
      › {name}
    </>
  );
}

function Facts({ connection }: { readonly connection: ConnectionView }) {
  const nowMs = Date.now();
  const facts = [
    ['Account', connection.account],
    ['Region', connection.region],
    ['Connected', ago(connection.connectedAtMs, nowMs)],
    [
      'Last checked',
      `${ago(connection.lastCheckedAtMs, nowMs)}, ${Math.round(connection.lastCheckTookMs)} ms`,
    ],
    ['Calls today', `${connection.callsToday.calls}, ${connection.callsToday.failed} failed`],
  ];
  return (
    <>
      <dl className="m-0 flex flex-wrap gap-x-8 gap-y-2">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt className="text-[12px] text-soft">{name}</dt>
            <dd className="m-0">{value}</dd>
          </div>
        ))}
      </dl>
      {'reason' in connection.state ? <Problem>{connection.state.reason}</Problem> : null}
    </>
  );
}

function Seeded({
  connection,
  onFault,
}: {
  readonly connection: ConnectionView;
  readonly onFault: (error: unknown) => void;
}) {
  const { counts, connectionId } = connection;
  return (
    <div role="status" className="rounded-lg bg-accent-tint p-3">
      <div className="flex items-center gap-3">
        <span>
          Policies were set to their defaults: {counts.auto} auto, {counts.approvalNeeded} approval needed.
          Review them before your agents start.
        </span>
        <div className="ml-auto">
          <Button onClick={() => void call('connections.dismissNotice', { connectionId }).catch(onFault)}>
            Got it
          </Button>
        </div>
      </div>
      <ul className="m-0 mt-2 flex list-none gap-4 p-0 text-[12px] text-good">
        <li>✓ {connection.toolCount} tools synced from the catalog</li>
        <li>✓ Policies seeded</li>
        <li>✓ Agents updated</li>
      </ul>
    </div>
  );
}
