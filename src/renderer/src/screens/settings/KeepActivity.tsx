/** How long activity is kept. Before old days are closed it is said how many, and asked. */
import { useState } from 'react';
import { call } from '../../bridge';
import { Choice } from '../../parts/Entries';
import { Question } from '../../parts/Modal';
import { useBusy } from '../../parts/use-busy';
import { plural } from '../../words';

const spans: readonly (readonly [number, string])[] = [
  [90, '90 days'],
  [365, '1 year'],
  [730, '2 years'],
  [2557, '7 years'],
];

interface Asking {
  readonly keepDays: number;
  readonly days: number;
  readonly records: number;
}

export function KeepActivity(props: {
  readonly value: number | null;
  readonly isBusy: boolean;
  readonly onSave: (retentionDays: number | null) => void;
}) {
  const { value, onSave } = props;
  const [asking, setAsking] = useState<Asking>();
  const { isBusy, problem, run } = useBusy();
  const choose = (chosen: string) => {
    if (chosen === 'forever') return onSave(null);
    const keepDays = Number(chosen);
    void run(async () => {
      const found = await call('activity.previewRetention', { keepDays });
      if (found.days === 0) onSave(keepDays);
      else setAsking({ keepDays, ...found });
    });
  };
  const known = spans.some(([days]) => days === value) || value === null;
  const options = [
    { value: 'forever', label: 'Forever' },
    ...(known ? [] : [{ value: String(value), label: plural(value ?? 0, 'day') }]),
    ...spans.map(([days, label]) => ({ value: String(days), label })),
  ];
  return (
    <>
      {problem === '' ? null : <span className="text-small text-bad">{problem}</span>}
      <Choice
        id="keep-activity"
        label="Keep activity for"
        className="w-[160px]"
        value={value === null ? 'forever' : String(value)}
        onChange={choose}
        options={options}
      />
      {asking === undefined ? null : (
        <Question
          title="Close old days of activity?"
          no="Keep them"
          yes={`Close ${plural(asking.days, 'day')}`}
          disabled={isBusy || props.isBusy}
          onNo={() => setAsking(undefined)}
          onYes={() => {
            setAsking(undefined);
            onSave(asking.keepDays);
          }}
        >
          <p>
            {plural(asking.days, 'day')}, {plural(asking.records, 'record')} will be replaced by signed
            summaries.
          </p>
          <p>
            The records themselves are deleted and cannot be brought back. How many there were, and that
            nothing was taken out in secret, can still be proved with Verify log. Export them first if you
            need them.
          </p>
        </Question>
      )}
    </>
  );
}
