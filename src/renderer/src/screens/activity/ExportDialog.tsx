/** What to export and how; then how far it is, with a way out. Where to is asked by the system. */
import { useEffect, useState } from 'react';
import { call, onFeed } from '../../bridge';
import { Button } from '../../parts/Button';
import { Segments } from '../../parts/Entries';
import { Modal, ModalBody, ModalFoot, ModalNews } from '../../parts/Modal';
import { useBusy } from '../../parts/use-busy';
import { tell } from '../../stores/view';
import { plural } from '../../words';
import type { Question } from './activity-filters';

const formats = [
  { value: 'csv', label: 'CSV' },
  { value: 'json', label: 'JSON' },
] as const;
type Format = (typeof formats)[number]['value'];
const help: Readonly<Record<Format, string>> = {
  csv: 'For Excel and other spreadsheets: one line a record, in UTF-8.',
  json: 'JSON Lines: one object a line, oldest first.',
};

export function ExportDialog(props: {
  readonly question: Question;
  readonly matched: number;
  readonly isFiltered: boolean;
  readonly onClose: () => void;
}) {
  const [format, setFormat] = useState<Format>('csv');
  const [hasArguments, setArguments] = useState(false);
  const { isBusy, problem, run } = useBusy();
  const progress = useProgress(isBusy);
  const start = () =>
    run(async () => {
      const bodies = hasArguments ? 'redacted' : 'none';
      const done = await call('activity.export', { filter: props.question, format, bodies });
      if (done.kind === 'cancelled') return;
      tell(`${plural(done.rows, 'record')} exported to ${done.name}.`);
      props.onClose();
    });
  const cancel = () => {
    if (isBusy) void call('activity.cancelExport', {});
    else props.onClose();
  };
  const what = props.isFiltered ? 'match the filters' : 'are in the log';
  return (
    <Modal title="Export activity" onClose={cancel}>
      <ModalBody>
        <p>{`${plural(props.matched, 'record')} ${what}. All of them are exported, not only those on the screen.`}</p>
        <Segments label="Format" value={format} onChange={setFormat} options={formats} />
        <p className="text-small text-soft">{help[format]}</p>
        <label className="flex items-start gap-2">
          <input
            type="checkbox"
            className="mt-0.5"
            checked={hasArguments}
            disabled={isBusy}
            onChange={(event) => setArguments(event.target.checked)}
          />
          <span>
            With arguments and results
            <span className="block text-small text-soft">
              What agents sent and what came back, in clear. Secrets are masked, but names and texts of
              customers are not.
            </span>
          </span>
        </label>
        {isBusy ? <Progress progress={progress} /> : null}
      </ModalBody>
      <ModalNews problem={problem}>{''}</ModalNews>
      <ModalFoot>
        <Button onClick={cancel}>Cancel</Button>
        <Button kind="primary" disabled={isBusy} onClick={() => void start()}>
          {isBusy ? 'Exporting' : 'Choose a file'}
        </Button>
      </ModalFoot>
    </Modal>
  );
}

interface Looked {
  readonly looked: number;
  readonly of: number;
}

function Progress({ progress }: { readonly progress: Looked | undefined }) {
  const percent = progress === undefined ? 0 : Math.round((100 * progress.looked) / Math.max(1, progress.of));
  const words =
    progress === undefined
      ? 'Waiting for a file.'
      : `${progress.looked.toLocaleString('en-GB')} of ${plural(progress.of, 'record')} looked at.`;
  return (
    <div className="flex flex-col gap-1">
      <div
        role="progressbar"
        aria-label="Export"
        aria-valuenow={percent}
        aria-valuemin={0}
        aria-valuemax={100}
        className="h-2 overflow-hidden rounded-full bg-quiet-tint"
      >
        <div className="h-full bg-accent" style={{ width: `${percent}%` }} />
      </div>
      <p role="status" className="text-small text-soft">
        {words}
      </p>
    </div>
  );
}

/** Undefined until the first word of a run. */
function useProgress(isBusy: boolean): Looked | undefined {
  const [progress, setProgress] = useState<Looked>();
  useEffect(() => {
    if (!isBusy) setProgress(undefined);
  }, [isBusy]);
  useEffect(() => onFeed('activity.exporting', setProgress), []);
  return progress;
}
