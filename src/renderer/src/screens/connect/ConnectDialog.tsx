/** The connect form, made from the catalog. Nothing is saved before a test has passed. */
import { type FormEvent, useState } from 'react';
import { Fault } from '../../../../preload/contract/reply';
import type { AppView, ConnectionView } from '../../../../preload/contract/shapes';
import { call } from '../../bridge';
import { Button } from '../../parts/Button';
import { Field } from '../../parts/Entries';
import { Modal, ModalBody, ModalFoot, ModalNews } from '../../parts/Modal';
import { Problem, Skeleton } from '../../parts/Say';
import { useAsked } from '../../parts/use-asked';
import { useBusy } from '../../parts/use-busy';
import { useFacts } from '../../stores/facts';
import { freeLabel } from '../../words';
import { AppField, hintOf } from './AppField';

interface ConnectProps {
  readonly appId: string;
  /** Given: its credentials are replaced and its policies kept. */
  readonly reconnect?: ConnectionView;
  readonly onClose: () => void;
  readonly onDone: (connection: ConnectionView) => void;
}

export function ConnectDialog(props: ConnectProps) {
  const { asked, again } = useAsked('catalog.show', { appId: props.appId });
  const verb = props.reconnect === undefined ? 'Connect' : 'Reconnect';
  const name = props.reconnect?.label ?? (asked.kind === 'known' ? asked.value.name : '');
  return (
    <Modal title={`${verb} ${name}`} onClose={props.onClose}>
      {asked.kind === 'known' ? (
        <Form {...props} app={asked.value} verb={verb} />
      ) : (
        <>
          <ModalBody>
            {asked.kind === 'failed' ? (
              <Problem again={again}>{asked.problem}</Problem>
            ) : (
              <Skeleton rows={4} label="Loading the form" />
            )}
          </ModalBody>
          <ModalFoot>
            <Button onClick={props.onClose}>Cancel</Button>
          </ModalFoot>
        </>
      )}
    </Modal>
  );
}

type Doing = 'nothing' | 'testing' | 'connecting';

function Form(props: ConnectProps & { readonly app: AppView; readonly verb: string }) {
  const { app, appId, reconnect, verb } = props;
  const taken = useFacts((facts) => facts.connections)?.map((one) => one.label) ?? [];
  const [label, setLabel] = useState(() => freeLabel(app.defaultLabel, taken));
  const [values, setValues] = useState<Readonly<Record<string, string>>>(() =>
    Object.fromEntries(app.fields.map((field) => [field.name, field.default ?? ''])),
  );
  const [wrong, setWrong] = useState<ReadonlyMap<string, string>>(new Map());
  const [works, setWorks] = useState('');
  const [doing, setDoing] = useState<Doing>('nothing');
  const { isBusy, problem, run } = useBusy();

  const attempt = async (what: Doing, task: () => Promise<void>) => {
    setWrong(new Map());
    setWorks('');
    setDoing(what);
    await run(task, (error) => {
      if (error instanceof Fault) setWrong(new Map(error.fields.map((one) => [one.field, one.message])));
    });
    setDoing('nothing');
  };
  const test = () =>
    attempt('testing', async () => {
      const { account, tookMs } = await call('connections.test', { appId, values });
      setWorks(`Works: ${account}, ${Math.round(tookMs)} ms. Nothing is saved yet.`);
    });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void attempt('connecting', async () => {
      props.onDone(
        reconnect === undefined
          ? await call('connections.connect', { appId, label, values })
          : await call('connections.reconnect', { connectionId: reconnect.connectionId, values }),
      );
    });
  };
  const cancel = () => {
    // A running attempt is ended in main as well: it saves nothing, and its answer finds no dialog any more.
    const attempt = doing === 'testing' || reconnect === undefined ? appId : reconnect.connectionId;
    if (isBusy) void call('connections.cancel', { attempt }).finally(props.onClose);
    else props.onClose();
  };
  return (
    <form onSubmit={submit} noValidate className="flex min-h-0 flex-col">
      <ModalBody>
        {reconnect === undefined ? (
          <Field label="Label" help="What this connection is called in Gatehouse." wrong={wrong.get('label')}>
            {(own) => (
              <input
                id={own.id}
                aria-describedby={own.describedBy}
                aria-invalid={own.invalid}
                maxLength={80}
                value={label}
                onChange={(event) => setLabel(event.target.value)}
                className="entry"
              />
            )}
          </Field>
        ) : (
          <p className="text-soft">
            The new credentials replace the old ones. The policies stay as they are.
          </p>
        )}
        {app.fields.map((field) => (
          <AppField
            key={field.name}
            field={field}
            value={values[field.name] ?? ''}
            wrong={wrong.get(field.name) ?? hintOf(field, values[field.name] ?? '')}
            onChange={(value) => setValues({ ...values, [field.name]: value })}
          />
        ))}
      </ModalBody>
      <ModalNews problem={problem}>{works}</ModalNews>
      <ModalFoot>
        <span className="mr-auto">
          <Button onClick={() => void test()} disabled={isBusy}>
            {doing === 'testing' ? 'Testing' : 'Test connection'}
          </Button>
        </span>
        <Button onClick={cancel}>Cancel</Button>
        <Button kind="primary" submit disabled={isBusy}>
          {doing === 'connecting' ? `${verb}ing` : verb}
        </Button>
      </ModalFoot>
    </form>
  );
}
