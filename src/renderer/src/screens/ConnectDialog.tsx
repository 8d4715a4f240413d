/** The connect form, made from the catalog. Nothing is saved before a test has passed. */
import { type FormEvent, useEffect, useState } from 'react';
import { Fault } from '../../../preload/contract/reply';
import type { AppView, ConnectionView, FieldView } from '../../../preload/contract/shapes';
import { call } from '../bridge';
import { Button, Modal, Problem } from '../parts/parts';
import { sentenceOf } from '../words';

export function ConnectDialog(props: {
  readonly appId: string;
  /** Given: its credentials are replaced and its policies kept. */
  readonly reconnect?: ConnectionView;
  readonly onClose: () => void;
  readonly onDone: (connection: ConnectionView) => void;
}) {
  const { appId, reconnect } = props;
  const [app, setApp] = useState<AppView>();
  const [label, setLabel] = useState('');
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const [problem, setProblem] = useState('');
  const [wrong, setWrong] = useState<Readonly<Record<string, string>>>({});
  const [works, setWorks] = useState('');
  const [isBusy, setBusy] = useState(false);

  useEffect(() => {
    call('catalog.show', { appId }).then(
      (view) => {
        setApp(view);
        setLabel(view.defaultLabel);
        setValues(Object.fromEntries(view.fields.map((field) => [field.name, field.default ?? ''])));
      },
      (error: unknown) => setProblem(sentenceOf(error)),
    );
  }, [appId]);

  const attempt = async (run: () => Promise<void>) => {
    setBusy(true);
    setProblem('');
    setWrong({});
    setWorks('');
    try {
      await run();
    } catch (error) {
      setProblem(sentenceOf(error));
      if (error instanceof Fault)
        setWrong(Object.fromEntries(error.fields.map((one) => [one.field, one.message])));
    } finally {
      setBusy(false);
    }
  };
  const test = () =>
    attempt(async () => {
      const { account, tookMs } = await call('connections.test', { appId, values });
      setWorks(`Works: ${account}, ${Math.round(tookMs)} ms. Nothing is saved yet.`);
    });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void attempt(async () => {
      const { connectionId } = reconnect ?? {};
      props.onDone(
        connectionId === undefined
          ? await call('connections.connect', { appId, label, values })
          : await call('connections.reconnect', { connectionId, values }),
      );
    });
  };
  const verb = reconnect === undefined ? 'Connect' : 'Reconnect';
  return (
    <Modal title={`${verb} ${reconnect?.label ?? app?.name ?? ''}`} onClose={props.onClose}>
      <form onSubmit={submit} className="flex flex-col gap-3">
        {reconnect === undefined ? (
          <Field
            name="label"
            label="Label"
            help="How this connection is called in Gatehouse."
            wrong={wrong.label}
          >
            <input id="field-label" value={label} onChange={(event) => setLabel(event.target.value)} />
          </Field>
        ) : null}
        {app?.fields.map((field) => (
          <Field
            key={field.name}
            name={field.name}
            label={field.label}
            help={field.help}
            wrong={wrong[field.name] ?? hintOf(field, values[field.name] ?? '')}
          >
            <Entry
              field={field}
              value={values[field.name] ?? ''}
              onChange={(value) => setValues({ ...values, [field.name]: value })}
            />
          </Field>
        ))}
        <Problem>{problem}</Problem>
        <p role="status" className="m-0 text-good">
          {works}
        </p>
        <div className="flex justify-end gap-2">
          <Button onClick={props.onClose}>Cancel</Button>
          <Button onClick={() => void test()} disabled={isBusy}>
            Test connection
          </Button>
          <Button kind="primary" submit disabled={isBusy}>
            {verb}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function Field(props: {
  readonly name: string;
  readonly label: string;
  readonly help: string;
  readonly wrong: string | undefined;
  readonly children: React.ReactNode;
}) {
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={`field-${props.name}`}>{props.label}</label>
      {props.children}
      <small className={props.wrong === undefined ? 'text-soft' : 'text-bad'}>
        {props.wrong ?? props.help}
      </small>
    </div>
  );
}

function Entry(props: {
  readonly field: FieldView;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  const { field, value } = props;
  const id = `field-${field.name}`;
  const isListed = field.choices?.some((choice) => choice.value === value) === true;
  if (field.choices === undefined) {
    return (
      <input
        id={id}
        type={field.secret ? 'password' : 'text'}
        autoComplete="off"
        spellCheck={false}
        value={value}
        onChange={(event) => props.onChange(event.target.value)}
      />
    );
  }
  return (
    <>
      <select
        id={id}
        value={isListed ? value : 'own'}
        onChange={(event) => props.onChange(event.target.value === 'own' ? '' : event.target.value)}
      >
        {field.choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
        {field.allowCustomChoice === true ? <option value="own">Own address</option> : null}
      </select>
      {isListed ? null : (
        <input
          aria-label={`${field.label}, own address`}
          placeholder="https://"
          value={value}
          onChange={(event) => props.onChange(event.target.value)}
        />
      )}
    </>
  );
}

/** Told as one types, once there is something to judge. */
function hintOf(field: FieldView, value: string): string | undefined {
  if (value === '' || field.pattern === undefined) return undefined;
  return new RegExp(field.pattern, 'u').test(value.trim()) ? undefined : field.patternMessage;
}
