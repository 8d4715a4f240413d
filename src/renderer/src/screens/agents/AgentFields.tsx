/** The fields of an agent: name, kind, what it may use, until when. */
import type { ConnectionView } from '../../../../preload/contract/shapes';
import { Choice, Field, Segments, TextField } from '../../parts/Entries';
import type { AgentDraft, End } from './agent-form';
import { endAsPhrase } from './agent-words';

const reaches = [
  { value: 'all', label: 'All connections' },
  { value: 'chosen', label: 'Chosen ones' },
] as const;

const endLabels: readonly { readonly value: End; readonly label: string }[] = [
  { value: 'never', label: 'Never' },
  { value: '30', label: 'In 30 days' },
  { value: '90', label: 'In 90 days' },
  { value: '365', label: 'In 1 year' },
  { value: 'date', label: 'On a date' },
];

export function AgentFields(props: {
  readonly draft: AgentDraft;
  readonly onChange: (draft: AgentDraft) => void;
  /** By field: `name`, `scope`, `expiresAtMs`. */
  readonly wrong: ReadonlyMap<string, string>;
  /** Undefined where the kind cannot be changed any more. */
  readonly kinds: readonly string[] | undefined;
  /** When the token ends now; null for never and for a new one. */
  readonly keptEnd: number | null;
  readonly connections: readonly ConnectionView[];
}) {
  const { draft, onChange, wrong, kinds, keptEnd } = props;
  const kept: { value: End; label: string } = { value: 'kept', label: `As it is: ${endAsPhrase(keptEnd)}` };
  return (
    <>
      <TextField
        label="Name"
        help="How it appears in Approvals and Activity."
        wrong={wrong.get('name')}
        maxLength={60}
        value={draft.name}
        onChange={(name) => onChange({ ...draft, name })}
      />
      {kinds === undefined ? null : (
        <Field label="Kind">
          {(own) => (
            <Choice
              id={own.id}
              label="Kind"
              value={draft.kind}
              onChange={(kind) => onChange({ ...draft, kind })}
              options={kinds.map((name) => ({ value: name, label: name }))}
            />
          )}
        </Field>
      )}
      <Reach {...props} />
      <label className="flex items-start gap-2">
        <input
          type="checkbox"
          className="mt-[3px] shrink-0"
          checked={draft.readOnly}
          onChange={(event) => onChange({ ...draft, readOnly: event.target.checked })}
        />
        <span>
          <span className="font-medium">Read only</span>
          <span className="block text-small text-soft">
            It does not see tools that write or delete. Otherwise the tool policies decide.
          </span>
        </span>
      </label>
      <div className="flex flex-wrap gap-3">
        <Field label="Token expires" wrong={draft.end === 'date' ? undefined : wrong.get('expiresAtMs')}>
          {(own) => (
            <Choice
              id={own.id}
              label="Token expires"
              value={draft.end}
              onChange={(end) => onChange({ ...draft, end })}
              options={keptEnd === null ? endLabels : [kept, ...endLabels]}
            />
          )}
        </Field>
        {draft.end === 'date' ? (
          <Field label="Last day" wrong={wrong.get('expiresAtMs')}>
            {(own) => (
              <input
                id={own.id}
                type="date"
                aria-describedby={own.describedBy}
                aria-invalid={own.invalid}
                value={draft.date}
                onChange={(event) => onChange({ ...draft, date: event.target.value })}
                className="entry"
              />
            )}
          </Field>
        ) : null}
      </div>
    </>
  );
}

function Reach(props: {
  readonly draft: AgentDraft;
  readonly onChange: (draft: AgentDraft) => void;
  readonly wrong: ReadonlyMap<string, string>;
  readonly connections: readonly ConnectionView[];
}) {
  const { draft, onChange, connections } = props;
  const wrong = props.wrong.get('scope') ?? '';
  const toggle = (id: ConnectionView['connectionId'], isOn: boolean) => {
    const chosen = new Set(draft.chosen);
    if (isOn) chosen.add(id);
    else chosen.delete(id);
    onChange({ ...draft, chosen });
  };
  return (
    <fieldset className="m-0 flex min-w-0 flex-col gap-1 border-0 p-0">
      <legend className="mb-1 p-0 font-medium">May use</legend>
      <Segments
        label="May use"
        value={draft.reach}
        onChange={(reach) => onChange({ ...draft, reach })}
        options={reaches}
      />
      {draft.reach === 'all' ? (
        <p className="text-small text-soft">Also connections that are made later.</p>
      ) : connections.length === 0 ? (
        <p className="text-small text-soft">There is no connection yet. Connect an app first.</p>
      ) : (
        <ul className="m-0 flex max-h-[168px] list-none flex-col gap-1 overflow-auto rounded-control border border-edge p-2">
          {connections.map(({ connectionId, label }) => (
            <li key={connectionId}>
              <label className="flex min-h-6 min-w-0 items-center gap-2">
                <input
                  type="checkbox"
                  className="shrink-0"
                  checked={draft.chosen.has(connectionId)}
                  onChange={(event) => toggle(connectionId, event.target.checked)}
                />
                <span className="truncate" title={label}>
                  {label}
                </span>
              </label>
            </li>
          ))}
        </ul>
      )}
      {wrong === '' ? null : (
        <p role="alert" className="text-small text-bad">
          {wrong}
        </p>
      )}
    </fieldset>
  );
}
