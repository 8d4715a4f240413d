/** What is not as it was accepted at a custom server: tools that changed or went, and what it lists that is not offered. */
import { type ReactNode, useState } from 'react';
import type { PoliciesView } from '../../../../preload/contract/policy-shapes';
import { Button } from '../../parts/Button';
import { plural } from '../../words';

export function ServerNotes(props: {
  readonly policies: PoliciesView;
  readonly onlyDrifted: boolean;
  readonly onOnlyDrifted: (isOn: boolean) => void;
}) {
  const { rows, refused } = props.policies;
  const [isOpen, setOpen] = useState(false);
  const drifted = rows.filter(({ drift }) => drift !== null).length;
  return (
    <>
      {drifted === 0 && !props.onlyDrifted ? null : (
        <Note
          text={`${plural(drifted, 'tool')} changed or went since you accepted ${drifted === 1 ? 'it' : 'them'}. What changed does not run by itself until you accept it.`}
          button={
            <Button
              size="small"
              pressed={props.onlyDrifted}
              onClick={() => props.onOnlyDrifted(!props.onlyDrifted)}
            >
              Only these
            </Button>
          }
        />
      )}
      {refused.length === 0 ? null : (
        <Note
          text={`${plural(refused.length, 'tool')} of this server ${refused.length === 1 ? 'is' : 'are'} not offered to agents.`}
          button={
            <Button size="small" pressed={isOpen} onClick={() => setOpen(!isOpen)}>
              Why
            </Button>
          }
        >
          {isOpen ? (
            <ul className="m-0 max-h-40 list-none overflow-auto p-0 [overflow-wrap:anywhere]">
              {refused.map(({ name, why }, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: names come twice here, and the list is replaced as a whole.
                <li key={index}>
                  <span className="mono">{name === '' ? 'Without a name' : name}</span>: {why}
                </li>
              ))}
            </ul>
          ) : null}
        </Note>
      )}
    </>
  );
}

function Note(props: { readonly text: string; readonly button: ReactNode; readonly children?: ReactNode }) {
  return (
    <div className="flex shrink-0 flex-col gap-2 rounded-control bg-warn-tint px-3 py-2">
      <div className="flex items-center gap-3">
        <p role="status" className="min-w-0 flex-1 text-warn">
          {props.text}
        </p>
        {props.button}
      </div>
      {props.children}
    </div>
  );
}
