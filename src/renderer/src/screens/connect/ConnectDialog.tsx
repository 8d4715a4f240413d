/** The connect form, made from the catalog. Nothing is saved before a test has passed. */
import { type FormEvent, useEffect, useState } from 'react';
import { Fault } from '../../../../preload/contract/reply';
import type { AppView, ConnectionView, FieldView, SignInWay } from '../../../../preload/contract/shapes';
import { call } from '../../bridge';
import { Button } from '../../parts/Button';
import { CopyLine } from '../../parts/CopyLine';
import { Field, Segments, TextField } from '../../parts/Entries';
import { Modal, ModalBody, ModalFoot, ModalNews } from '../../parts/Modal';
import { Problem, Skeleton } from '../../parts/Say';
import { useAsked } from '../../parts/use-asked';
import { useBusy } from '../../parts/use-busy';
import { useFacts } from '../../stores/facts';
import { freeLabel, signInWays } from '../../words';
import { AppField, hintOf } from './AppField';

interface ConnectProps {
  readonly appId: string;
  /** Given: its credentials are replaced and its policies kept. */
  readonly reconnect?: ConnectionView;
  readonly onClose: () => void;
  readonly onDone: (connection: ConnectionView) => void;
  /** Told when an attempt to connect begins and ends. */
  readonly onConnecting?: (isConnecting: boolean) => void;
}

export function ConnectDialog(props: ConnectProps) {
  const { asked, again } = useAsked('catalog.show', { appId: props.appId });
  const { before, problem: beforeProblem } = useBefore(props.reconnect?.connectionId);
  const verb = props.reconnect === undefined ? 'Connect' : 'Reconnect';
  const name = props.reconnect?.label ?? (asked.kind === 'known' ? asked.value.name : '');
  return (
    <Modal title={`${verb} ${name}`} onClose={props.onClose}>
      {asked.kind === 'known' && before !== undefined ? (
        <Form {...props} app={asked.value} verb={verb} before={before} />
      ) : (
        <>
          <ModalBody>
            {asked.kind === 'failed' ? (
              <Problem again={again}>{asked.problem}</Problem>
            ) : beforeProblem !== '' ? (
              <Problem>{beforeProblem}</Problem>
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

/** What was typed last time, but for secrets: nothing for a new connection, undefined while it is asked for. */
function useBefore(connectionId: ConnectionView['connectionId'] | undefined) {
  const [before, setBefore] = useState<Values | undefined>(connectionId === undefined ? {} : undefined);
  const [problem, setProblem] = useState('');
  useEffect(() => {
    if (connectionId === undefined) return;
    let isOver = false;
    call('connections.form', { connectionId }).then(
      ({ values }) => {
        if (!isOver) setBefore(values);
      },
      (error: unknown) => {
        if (!isOver) setProblem(error instanceof Error ? error.message : String(error));
      },
    );
    return () => {
      isOver = true;
    };
  }, [connectionId]);
  return { before, problem };
}

type Values = Readonly<Record<string, string>>;

type Doing = 'nothing' | 'testing' | 'connecting';

function Form(
  props: ConnectProps & { readonly app: AppView; readonly verb: string; readonly before: Values },
) {
  const { app, appId, reconnect, verb } = props;
  const isOAuth = app.signIn === 'oauth';
  const [signInWith, setSignInWith] = useState<SignInWay>(app.signInWith);
  const taken = useFacts((facts) => facts.connections)?.map((one) => one.label) ?? [];
  const [label, setLabel] = useState(() => freeLabel(app.defaultLabel, taken));
  const [values, setValues] = useState<Values>(() => ({
    ...Object.fromEntries(app.fields.map((field) => [field.name, firstValue(field, reconnect)])),
    ...props.before,
  }));
  const [wrong, setWrong] = useState<ReadonlyMap<string, string>>(new Map());
  const [works, setWorks] = useState('');
  const [doing, setDoing] = useState<Doing>('nothing');
  const { isBusy, problem, run } = useBusy();

  const attempt = async (what: Doing, task: () => Promise<void>) => {
    setWrong(new Map());
    setWorks('');
    setDoing(what);
    props.onConnecting?.(what === 'connecting');
    await run(task, (error) => {
      if (error instanceof Fault) setWrong(new Map(error.fields.map((one) => [one.field, one.message])));
    });
    setDoing('nothing');
    props.onConnecting?.(false);
  };
  const test = () =>
    attempt('testing', async () => {
      const { account, tookMs } = await call('connections.test', { appId, values });
      setWorks(`Works: ${account}, ${Math.round(tookMs)} ms. Nothing is saved yet.`);
    });
  const way = isOAuth ? { signInWith } : {};
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void attempt('connecting', async () => {
      props.onDone(
        reconnect === undefined
          ? await call('connections.connect', { appId, label, values, ...way })
          : await call('connections.reconnect', { connectionId: reconnect.connectionId, values, ...way }),
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
          <TextField
            label="Label"
            help="What this connection is called in Gatehouse."
            wrong={wrong.get('label')}
            maxLength={80}
            value={label}
            onChange={setLabel}
          />
        ) : (
          <p className="text-soft">
            The new credentials replace the old ones; a secret left empty stays. The policies stay as they
            are.
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
        {app.redirectUri === undefined ? null : (
          <CopyLine
            label="Redirect URI"
            value={app.redirectUri}
            help={`Register exactly this address in the app that you made at ${app.vendor}.`}
          />
        )}
        {isOAuth && app.browserAllowed ? (
          <Field label="Sign in with" help="The same sign-in page; some providers refuse embedded windows.">
            {() => (
              <Segments
                label="Sign in with"
                value={signInWith}
                onChange={setSignInWith}
                options={signInWays}
              />
            )}
          </Field>
        ) : null}
      </ModalBody>
      <ModalNews problem={problem}>
        {isOAuth && doing === 'connecting'
          ? `Waiting for you to sign in at ${app.vendor}. Cancel ends it and saves nothing.`
          : works}
      </ModalNews>
      <ModalFoot>
        <span className="mr-auto">
          {isOAuth ? null : (
            <Button onClick={() => void test()} disabled={isBusy}>
              {doing === 'testing' ? 'Testing' : 'Test connection'}
            </Button>
          )}
        </span>
        <Button onClick={cancel}>Cancel</Button>
        <Button kind="primary" submit disabled={isBusy}>
          {doing === 'connecting' ? `${verb}ing` : verb}
        </Button>
      </ModalFoot>
    </form>
  );
}

/** The catalog's default, or the sample of the practice workspace. A stored secret is never shown: left empty, it stays. */
function firstValue(field: FieldView, reconnect: ConnectionView | undefined): string {
  return reconnect !== undefined && field.secret ? '' : (field.default ?? '');
}
