/**
 * Other MCP servers in the files of AI clients, to be moved into Gatehouse: one tick each, one outcome each. The window names file and
 * entry; the secrets stay where main reads them.
 */
import { useRef, useState } from 'react';
import type { FoundView } from '../../../../preload/contract/client-shapes';
import { call } from '../../bridge';
import { Button } from '../../parts/Button';
import { Modal, ModalBody, ModalFoot } from '../../parts/Modal';
import { Empty, Problem, Skeleton } from '../../parts/Say';
import { useAsked } from '../../parts/use-asked';
import { useBusy } from '../../parts/use-busy';
import { plural, sentenceOf } from '../../words';

type FoundFile = FoundView['files'][number];
type FoundServer = FoundFile['servers'][number];
type Outcome =
  | { readonly kind: 'running' }
  | { readonly kind: 'moved'; readonly sentence: string; readonly undoId: string }
  | { readonly kind: 'failed' | 'undone'; readonly sentence: string };

const keyOf = ({ fileId }: FoundFile, { name }: FoundServer) => `${fileId} ${name}`;

export function ImportServers({ onClose }: { readonly onClose: () => void }) {
  const { asked, again } = useAsked('clients.found', {});
  return (
    <Modal title="Import servers from AI clients" onClose={onClose} isWide>
      {asked.kind === 'known' ? (
        <Found files={asked.value.files} onClose={onClose} />
      ) : (
        <>
          <ModalBody>
            {asked.kind === 'failed' ? (
              <Problem again={again}>{asked.problem}</Problem>
            ) : (
              <Skeleton rows={4} label="Reading the files of the clients" />
            )}
          </ModalBody>
          <ModalFoot>
            <Button onClick={onClose}>Close</Button>
          </ModalFoot>
        </>
      )}
    </Modal>
  );
}

function Found(props: { readonly files: readonly FoundFile[]; readonly onClose: () => void }) {
  const files = props.files.filter(({ problem, servers }) => problem !== '' || servers.length > 0);
  const imports = useImports(files);
  const { isBusy, count } = imports;
  return (
    <>
      <ModalBody>
        {files.length === 0 ? (
          <Empty>No AI client on this computer names an MCP server other than Gatehouse.</Empty>
        ) : (
          <>
            <p className="text-soft">
              A moved server becomes a connection here: its credentials go into the vault and its entry goes
              from the client’s file. The client then reaches it through Gatehouse, with its agent’s token.
            </p>
            {files.map((file) => (
              <FileGroup key={file.fileId} file={file} imports={imports} />
            ))}
          </>
        )}
      </ModalBody>
      <ModalFoot>
        <Button onClick={() => imports.stop(props.onClose)}>{isBusy ? 'Stop' : 'Close'}</Button>
        {files.length === 0 ? null : (
          <Button kind="primary" disabled={isBusy || count === 0} onClick={imports.move}>
            {isBusy ? 'Importing' : count === 0 ? 'Import' : `Import ${plural(count, 'server')}`}
          </Button>
        )}
      </ModalFoot>
    </>
  );
}

type Imports = ReturnType<typeof useImports>;

/** What is ticked, what runs, and how each ended. One after the other: main connects one server at a time. */
function useImports(files: readonly FoundFile[]) {
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, Outcome>>(new Map());
  const { isBusy, run } = useBusy();
  const isOver = useRef(false);
  const wanted = files.flatMap((file) =>
    file.servers.filter((one) => ticked.has(keyOf(file, one))).map((one) => [file, one] as const),
  );
  const tick = (key: string, isOn: boolean) =>
    setTicked((before) => new Set(isOn ? [...before, key] : [...before].filter((one) => one !== key)));
  /** How a task for one entry ends is told beside that entry. */
  const tell = async (key: string, task: () => Promise<Outcome>) => {
    const set = (outcome: Outcome) => setOutcomes((before) => new Map([...before, [key, outcome]]));
    set(await task().catch((error: unknown) => ({ kind: 'failed', sentence: sentenceOf(error) }) as const));
  };
  const move = () =>
    void run(async () => {
      for (const [{ fileId }, { name }] of wanted) {
        if (isOver.current) return;
        const key = `${fileId} ${name}`;
        setOutcomes((before) => new Map([...before, [key, { kind: 'running' }]]));
        await tell(key, async () => ({ kind: 'moved', ...(await call('clients.import', { fileId, name })) }));
        tick(key, false);
      }
    });
  const undo = (key: string, undoId: string) =>
    void run(() =>
      tell(key, async () => {
        const { path } = await call('clients.undo', { undoId });
        return { kind: 'undone', sentence: `Put back: ${path} is as it was. The connection stays.` };
      }),
    );
  const stop = (onStopped: () => void) => {
    isOver.current = true;
    // What is being connected is ended in main as well: it saves nothing.
    if (isBusy) void call('servers.cancel', {}).finally(onStopped);
    else onStopped();
  };
  return { ticked, outcomes, isBusy, count: wanted.length, tick, move, undo, stop };
}

function FileGroup({ file, imports }: { readonly file: FoundFile; readonly imports: Imports }) {
  return (
    <section aria-label={`${file.clientName}: ${file.label}`} className="flex shrink-0 flex-col gap-1">
      <h3 className="font-medium">{file.clientName}</h3>
      <p className="mono text-soft [overflow-wrap:anywhere]">{file.path}</p>
      <Problem>{file.problem}</Problem>
      <ul className="m-0 list-none rounded-card border border-line p-0 empty:hidden [&>li:not(:last-child)]:border-b [&>li]:border-line">
        {file.servers.map((server) => {
          const key = keyOf(file, server);
          return (
            <ServerRow
              key={key}
              server={server}
              isTicked={imports.ticked.has(key)}
              outcome={imports.outcomes.get(key)}
              isBusy={imports.isBusy}
              onTick={(isOn) => imports.tick(key, isOn)}
              onUndo={(undoId) => imports.undo(key, undoId)}
            />
          );
        })}
      </ul>
    </section>
  );
}

function ServerRow(props: {
  readonly server: FoundServer;
  readonly isTicked: boolean;
  readonly outcome: Outcome | undefined;
  readonly isBusy: boolean;
  readonly onTick: (isOn: boolean) => void;
  readonly onUndo: (undoId: string) => void;
}) {
  const { server, outcome } = props;
  const isDone = outcome?.kind === 'moved' || outcome?.kind === 'undone';
  return (
    <li className="flex items-start gap-2 px-3 py-2">
      <input
        type="checkbox"
        aria-label={`Import ${server.name}`}
        className="mt-[3px] shrink-0"
        disabled={server.why !== '' || isDone || props.isBusy}
        checked={props.isTicked}
        onChange={(event) => props.onTick(event.target.checked)}
      />
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium" title={server.name}>
          {server.name}
        </p>
        {server.url === '' ? null : (
          <p className="mono truncate text-soft" title={server.url}>
            {server.url}
          </p>
        )}
        <p className="text-small text-soft [overflow-wrap:anywhere]">
          {server.why === '' ? server.carries : server.why}
        </p>
        <OutcomeLine outcome={outcome} />
      </div>
      {outcome?.kind === 'moved' && outcome.undoId !== '' ? (
        <Button
          size="small"
          label={`Undo in the file: ${server.name}`}
          disabled={props.isBusy}
          onClick={() => props.onUndo(outcome.undoId)}
        >
          Undo in the file
        </Button>
      ) : null}
    </li>
  );
}

function OutcomeLine({ outcome }: { readonly outcome: Outcome | undefined }) {
  const text =
    outcome === undefined
      ? ''
      : outcome.kind === 'running'
        ? 'Connecting. A sign-in page opens where the server wants one.'
        : outcome.sentence;
  const tone =
    outcome?.kind === 'failed' ? 'text-bad' : outcome?.kind === 'moved' ? 'text-good' : 'text-soft';
  return (
    <p role="status" className={`text-small [overflow-wrap:anywhere] empty:hidden ${tone}`}>
      {text}
    </p>
  );
}
