/**
 * Puts a token into the client's own configuration: the difference first, then Write, then Undo. Only what was shown is written; when the
 * file changed meanwhile, it is shown anew.
 */
import { useEffect, useRef, useState } from 'react';
import type { CallInput } from '../../../../preload/contract/calls';
import type { ClientView, PreviewView, WrittenView } from '../../../../preload/contract/client-shapes';
import { Fault } from '../../../../preload/contract/reply';
import type { NewAgentView } from '../../../../preload/contract/shapes';
import { call } from '../../bridge';
import { Button } from '../../parts/Button';
import { Difference } from '../../parts/Difference';
import { Choice, Field } from '../../parts/Entries';
import { Problem } from '../../parts/Say';
import { useBusy } from '../../parts/use-busy';

type Step =
  | { readonly kind: 'start'; readonly said: string }
  | { readonly kind: 'shown'; readonly preview: PreviewView }
  | { readonly kind: 'written'; readonly written: WrittenView };

export function WriteToClient({
  client,
  made,
}: {
  readonly client: ClientView;
  readonly made: NewAgentView;
}) {
  const files = client.files.filter(({ state }) => state !== 'missing');
  const [fileId, setFileId] = useState(
    (files.find(({ state }) => state === 'file') ?? files[0])?.fileId ?? '',
  );
  const { step, isBusy, problem, ...writing } = useWriting({
    fileId,
    agentId: made.agent.agentId,
    token: made.token,
  });
  const section = useRef<HTMLElement>(null);
  const shown = useRef(step.kind);
  // The button that was pressed is gone with its step; the keyboard goes on where the next one begins.
  useEffect(() => {
    if (shown.current !== step.kind) section.current?.focus();
    shown.current = step.kind;
  }, [step.kind]);
  if (files.length === 0) return <NotFound client={client} />;
  return (
    <section
      ref={section}
      tabIndex={-1}
      aria-label={`Write to ${client.name}`}
      className="flex shrink-0 flex-col gap-2"
    >
      {step.kind === 'start' ? (
        <>
          {files.length === 1 ? null : <Files files={files} value={fileId} onChange={setFileId} />}
          <div className="flex flex-wrap items-center gap-3">
            <Button kind="primary" disabled={isBusy} onClick={writing.show}>
              Write to {client.name}
            </Button>
            <p className="min-w-0 flex-1 text-small text-soft">
              Shows what would change before it is written.
            </p>
          </div>
          <Said>{step.said}</Said>
        </>
      ) : null}
      {step.kind === 'shown' ? (
        <Shown
          preview={step.preview}
          isBusy={isBusy}
          onWrite={() => writing.write(step.preview)}
          onBack={writing.back}
        />
      ) : null}
      {step.kind === 'written' ? (
        <Written
          written={step.written}
          afterwards={client.afterwards}
          isBusy={isBusy}
          onUndo={() => writing.undo(step.written)}
        />
      ) : null}
      <Problem>{problem}</Problem>
    </section>
  );
}

/** The three steps, each a call to main. */
function useWriting(wanted: CallInput<'clients.preview'>) {
  const [step, setStep] = useState<Step>({ kind: 'start', said: '' });
  const { isBusy, problem, run } = useBusy();
  const preview = async () => setStep({ kind: 'shown', preview: await call('clients.preview', wanted) });
  return {
    step,
    isBusy,
    problem,
    back: () => setStep({ kind: 'start', said: '' }),
    show: () => void run(preview),
    write: ({ basis }: PreviewView) =>
      void run(async () => {
        try {
          setStep({ kind: 'written', written: await call('clients.write', { ...wanted, basis }) });
        } catch (error) {
          if (error instanceof Fault && error.code === 'client_file_changed') await preview();
          throw error;
        }
      }),
    undo: ({ undoId }: WrittenView) =>
      void run(async () => {
        const { path } = await call('clients.undo', { undoId });
        setStep({ kind: 'start', said: `Undone: ${path} is as it was before.` });
      }),
  };
}

function Files(props: {
  readonly files: ClientView['files'];
  readonly value: string;
  readonly onChange: (fileId: string) => void;
}) {
  return (
    <Field label="File">
      {(own) => (
        <Choice
          id={own.id}
          label="File"
          value={props.value}
          onChange={props.onChange}
          options={props.files.map((one) => ({ value: one.fileId, label: `${one.label}: ${one.path}` }))}
        />
      )}
    </Field>
  );
}

function Written(props: {
  readonly written: WrittenView;
  readonly afterwards: string;
  readonly isBusy: boolean;
  readonly onUndo: () => void;
}) {
  const { path, backup } = props.written;
  return (
    <>
      <Said>{`Written to ${path}. ${props.afterwards}`}</Said>
      <div className="flex flex-wrap items-center gap-3">
        <Button disabled={props.isBusy} onClick={props.onUndo}>
          Undo
        </Button>
        {backup === '' ? null : (
          <p className="min-w-0 flex-1 text-small text-soft [overflow-wrap:anywhere]">
            What was there before: {backup}
          </p>
        )}
      </div>
    </>
  );
}

function Shown(props: {
  readonly preview: PreviewView;
  readonly isBusy: boolean;
  readonly onWrite: () => void;
  readonly onBack: () => void;
}) {
  const { preview, isBusy } = props;
  if (preview.isSame)
    return (
      <>
        <Said>{`${preview.path} says so already. There is nothing to write.`}</Said>
        <div>
          <Button onClick={props.onBack}>Back</Button>
        </div>
      </>
    );
  return (
    <>
      <p>
        {preview.isNewFile ? 'This file is made:' : 'This changes in'}{' '}
        <span className="mono [overflow-wrap:anywhere]">{preview.path}</span>
      </p>
      <Difference label="What changes" lines={preview.difference} />
      <p className="text-small text-soft">
        The token is written whole and shown cut. Values of other lines are left out here and stay as they
        are.
      </p>
      <div className="flex gap-2">
        <Button kind="primary" disabled={isBusy} onClick={props.onWrite}>
          Write
        </Button>
        <Button onClick={props.onBack}>Back</Button>
      </div>
    </>
  );
}

function NotFound({ client }: { readonly client: ClientView }) {
  return (
    <div className="flex flex-col gap-1 text-soft">
      <p>{client.name} was not found on this computer. Copy the settings instead. Looked at:</p>
      <ul className="m-0 list-none p-0 text-small">
        {client.files.map(({ fileId, path }) => (
          <li key={fileId} className="mono [overflow-wrap:anywhere]">
            {path}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Said({ children }: { readonly children: string }) {
  return (
    <p role="status" className="text-good [overflow-wrap:anywhere] empty:hidden">
      {children}
    </p>
  );
}
