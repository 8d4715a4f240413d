/** Practice workspace only: how the simulated vendor of this connection behaves from now on. */
import { useEffect, useId, useState } from 'react';
import type { VendorMood } from '../../../../preload/contract/practice-shapes';

import { call } from '../../bridge';
import { Choice } from '../../parts/Entries';
import { tell } from '../../stores/view';

const moods: readonly { readonly value: VendorMood; readonly label: string }[] = [
  { value: 'normal', label: 'Answers normally' },
  { value: 'token_expired', label: 'Ends its access tokens now' },
  { value: 'signed_out', label: 'Ends the sign-in now' },
  { value: 'wrong_key', label: 'Refuses the key (401)' },
  { value: 'forbidden', label: 'Misses a permission (403)' },
  { value: 'busy', label: 'Says too many requests (429)' },
  { value: 'broken', label: 'Fails (500)' },
  { value: 'not_json', label: 'Answers with a web page' },
  { value: 'slow', label: 'Answers after 20 seconds' },
  { value: 'offline', label: 'Is not reachable' },
];

export function SimulatedVendor({ appId }: { readonly appId: string }) {
  const id = useId();
  const [mood, setMood] = useState<VendorMood>('normal');
  useEffect(() => {
    let isOver = false;
    void call('practice.show', { appId }).then((shown) => {
      if (!isOver) setMood(shown.mood);
    });
    return () => {
      isOver = true;
    };
  }, [appId]);
  const choose = async (wanted: VendorMood) => {
    setMood((await call('practice.set', { appId, mood: wanted })).mood);
    const label = moods.find(({ value }) => value === wanted)?.label ?? '';
    tell(`The simulated vendor ${label.charAt(0).toLowerCase()}${label.slice(1)}.`);
  };
  return (
    <span className="flex items-center gap-2 text-soft">
      <label htmlFor={id}>Simulated vendor</label>
      <Choice
        id={id}
        label="Simulated vendor"
        value={mood}
        onChange={(value) => void choose(value)}
        options={moods}
      />
    </span>
  );
}
