/** What all agents may do now: Execute, Plan or Paused; and the way to stop everything at once. */
import { useState } from 'react';
import type { OperatingMode as Mode } from '../../../../preload/contract/gateway-shapes';
import { call } from '../../bridge';
import { Button } from '../../parts/Button';
import { Segments } from '../../parts/Entries';
import { Problem } from '../../parts/Say';
import { useBusy } from '../../parts/use-busy';
import { useFacts } from '../../stores/facts';
import { modeLabel, modeWords } from '../../words';
import { StopEverything } from './StopEverything';

const modes = (['execute', 'plan', 'paused'] as const).map((value) => ({ value, label: modeLabel[value] }));

/** @param props.isStopping Opens with the question of Stop everything. */
export function OperatingMode(props: { readonly isStopping: boolean }) {
  const mode = useFacts((facts) => facts.status?.mode);
  const [isStopping, setStopping] = useState(props.isStopping);
  const { isBusy, problem, run } = useBusy();
  if (mode === undefined) return null;
  const set = (next: Mode) => void run(() => call('gateway.setMode', { mode: next }));
  return (
    <section
      aria-label="Operating mode"
      className="flex shrink-0 flex-col gap-2 rounded-card border border-line bg-card px-4 py-3"
    >
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Segments label="Operating mode" value={mode} onChange={set} options={modes} />
        <p className="min-w-0 flex-1 text-soft">{modeWords[mode]}</p>
        <Button kind="danger" disabled={isBusy} onClick={() => setStopping(true)}>
          Stop everything
        </Button>
      </div>
      <Problem>{problem}</Problem>
      {isStopping ? <StopEverything onClose={() => setStopping(false)} /> : null}
    </section>
  );
}
