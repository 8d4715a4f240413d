/** One connection: its facts, its policies, and the edits that wait for Save. */
import { useState } from 'react';
import type { ConnectionId, ConnectionView } from '../../../../preload/contract/shapes';
import { call } from '../../bridge';
import { Badge } from '../../parts/Badge';
import { Button } from '../../parts/Button';
import { Logo } from '../../parts/Logo';
import { FactList, Page } from '../../parts/Page';
import { Empty, Problem, Skeleton } from '../../parts/Say';
import { useBusy } from '../../parts/use-busy';
import { useNow } from '../../parts/use-now';
import { useFacts } from '../../stores/facts';
import { go, tell } from '../../stores/view';
import { ago, authLabel, stateLabel, stateTone, timeOf } from '../../words';
import { ConnectDialog } from '../connect/ConnectDialog';
import { DisconnectDialog } from '../disconnect/DisconnectDialog';
import { MayAsk } from '../servers/MayAsk';
import { ReconnectServer } from '../servers/ReconnectServer';
import { PolicyTable } from './PolicyTable';
import { RenameDialog } from './RenameDialog';
import { SaveBar } from './SaveBar';
import { Seeded } from './Seeded';
import { SimulatedVendor } from './SimulatedVendor';
import { usePolicyDraft } from './use-policy-draft';

export function Connection(props: {
  readonly connectionId: ConnectionId;
  /** Given: the table begins with a search for this tool. */
  readonly tool: string | undefined;
}) {
  const { connectionId, tool } = props;
  const connections = useFacts((facts) => facts.connections);
  const connection = connections?.find((one) => one.connectionId === connectionId);
  if (connection !== undefined) return <Detail connection={connection} tool={tool} />;
  return (
    <Page title="Connection" crumb={<Crumb name="Connection" />}>
      {connections === undefined ? (
        <Skeleton rows={8} label="Loading the connection" />
      ) : (
        <Empty action={<Button onClick={() => go({ kind: 'integrations' })}>Back to Integrations</Button>}>
          This connection is gone. It was disconnected.
        </Empty>
      )}
    </Page>
  );
}

function Detail(props: { readonly connection: ConnectionView; readonly tool: string | undefined }) {
  const { connection, tool } = props;
  const { connectionId, label, state } = connection;
  const isPractice = useFacts((facts) => facts.status?.practice === true);
  const edits = usePolicyDraft(connectionId);
  const test = useBusy();
  const [open, setOpen] = useState<'reconnect' | 'disconnect' | 'rename' | 'another' | 'mayAsk'>();
  const check = () =>
    test.run(async () => {
      tell('');
      const { lastCheckTookMs, account, state: now } = await call('connections.check', { connectionId });
      if ('reason' in now) test.setProblem(now.reason);
      else tell(`Works: ${account === '' ? '' : `${account}, `}${Math.round(lastCheckTookMs)} ms.`);
    });
  return (
    <>
      <Page
        title={label}
        crumb={<Crumb name={connection.appName} />}
        logo={<Logo logo={connection.logo} />}
        badge={
          <>
            <Badge tone={stateTone(state.kind)}>{stateLabel[state.kind]}</Badge>
            {connection.server?.withoutPkce === true ? (
              <Badge
                tone="warn"
                title="Its sign-in does not say that it supports PKCE. A technician allowed that for this server."
              >
                PKCE waived
              </Badge>
            ) : null}
          </>
        }
        scrolls
        actions={
          <>
            {test.isBusy ? (
              <Button onClick={() => void call('connections.cancel', { attempt: connectionId })}>
                Cancel the test
              </Button>
            ) : (
              <Button onClick={() => void check()}>Test connection</Button>
            )}
            <Button onClick={() => setOpen('reconnect')}>Reconnect</Button>
            <Button kind="danger" onClick={() => setOpen('disconnect')}>
              Disconnect
            </Button>
          </>
        }
      >
        <div className="flex shrink-0 flex-wrap items-end gap-x-4 gap-y-1">
          <div className="min-w-0 flex-1 basis-96">
            <Facts connection={connection} />
          </div>
          <span className="ml-auto flex items-center gap-1">
            {isPractice && connection.server === null ? <SimulatedVendor appId={connection.appId} /> : null}
            <Button size="small" kind="quiet" onClick={() => setOpen('rename')}>
              Rename
            </Button>
            {connection.server === null ? (
              <Button size="small" kind="quiet" onClick={() => setOpen('another')}>
                Connect another account
              </Button>
            ) : (
              <Button size="small" kind="quiet" onClick={() => setOpen('mayAsk')}>
                What it may ask
              </Button>
            )}
          </span>
        </div>
        {'reason' in state && test.problem === '' ? <Problem>{state.reason}</Problem> : null}
        <Problem>{test.problem}</Problem>
        {connection.noticeOpen ? <Seeded connection={connection} /> : null}
        {edits.kind === 'failed' ? <Problem again={edits.again}>{edits.problem}</Problem> : null}
        {edits.kind === 'asking' ? <Skeleton rows={8} label="Loading the tool policies" /> : null}
        {edits.kind === 'known' ? (
          <PolicyTable
            policies={edits.policies}
            draft={edits.draft}
            onDraft={edits.change}
            search={tool ?? ''}
          />
        ) : null}
      </Page>
      {edits.kind === 'known' ? <SaveBar edits={edits} /> : null}
      {open === 'disconnect' ? (
        <DisconnectDialog connection={connection} onClose={() => setOpen(undefined)} />
      ) : null}
      {open === 'mayAsk' && connection.server !== null ? (
        <MayAsk connection={connection} server={connection.server} onClose={() => setOpen(undefined)} />
      ) : null}
      {open === 'rename' ? <RenameDialog connection={connection} onClose={() => setOpen(undefined)} /> : null}
      {open === 'another' ? (
        <ConnectDialog
          appId={connection.appId}
          onClose={() => setOpen(undefined)}
          onDone={(made) => go({ kind: 'connection', connectionId: made.connectionId })}
        />
      ) : null}
      {open === 'reconnect' && connection.server !== null ? (
        <ReconnectServer
          connection={connection}
          server={connection.server}
          onClose={() => setOpen(undefined)}
        />
      ) : null}
      {open === 'reconnect' && connection.server === null ? (
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
      <button type="button" className="hover:underline" onClick={() => go({ kind: 'integrations' })}>
        Integrations
      </button>{' '}
      › {name}
    </>
  );
}

function Facts({ connection }: { readonly connection: ConnectionView }) {
  const nowMs = useNow(30_000);
  const { calls, failed } = connection.callsToday;
  return (
    <FactList
      facts={[
        ...placeFacts(connection),
        ['Connected', ago(connection.connectedAtMs, nowMs)],
        [
          'Last checked',
          `${ago(connection.lastCheckedAtMs, nowMs)}, ${Math.round(connection.lastCheckTookMs)} ms`,
        ],
        ...(connection.signInEnd === null ? [] : [signInFact(connection.signInEnd, nowMs)]),
        ['Calls today', failed === 0 ? String(calls) : `${calls}, ${failed} failed`],
      ]}
    />
  );
}

function placeFacts({ server, account, region }: ConnectionView): readonly (readonly [string, string])[] {
  if (server === null)
    return [
      ['Account', account],
      ['Region', region],
    ];
  return [
    ['Server URL', server.url],
    ['Protocol', server.protocol === '' ? 'not told' : `MCP ${server.protocol}`],
    ['Authentication', authLabel[server.auth]],
  ];
}

function signInFact(
  { atMs, renews }: NonNullable<ConnectionView['signInEnd']>,
  nowMs: number,
): readonly [string, string] {
  if (renews) return ['Access', `renews itself by ${timeOf(atMs, nowMs)}`];
  return ['Access', atMs > nowMs ? `ends ${timeOf(atMs, nowMs)}` : `ended ${timeOf(atMs, nowMs)}`];
}
