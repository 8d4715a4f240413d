/** New credentials for a custom server that is connected; its policies stay. The server is looked at anew first: its sign-in may have moved. */
import { type FormEvent, useState } from 'react';
import { Fault } from '../../../../preload/contract/reply';
import type { ConnectionView, SignInWay } from '../../../../preload/contract/shapes';
import { call } from '../../bridge';
import { Button } from '../../parts/Button';
import { Modal, ModalBody, ModalFoot, ModalNews } from '../../parts/Modal';
import { Problem, Skeleton } from '../../parts/Say';
import { useAsked } from '../../parts/use-asked';
import { useBusy } from '../../parts/use-busy';
import { AuthForm, type FoundServerView } from './AuthForm';
import { Findings, ProbeReport } from './Probed';
import { choiceOf, emptyServerForm, type ServerForm } from './server-form';

type Server = NonNullable<ConnectionView['server']>;

interface ReconnectProps {
  readonly connection: ConnectionView;
  readonly server: Server;
  readonly onClose: () => void;
}

export function ReconnectServer(props: ReconnectProps) {
  const { connection, server } = props;
  const { asked, again } = useAsked('servers.probe', { url: server.url });
  const close = () => {
    void call('servers.cancel', { connectionId: connection.connectionId }).finally(props.onClose);
  };
  const found = asked.kind === 'known' ? asked.value.found : undefined;
  return (
    <Modal title={`Reconnect ${connection.label}`} onClose={close}>
      {asked.kind === 'known' && found?.kind === 'server' ? (
        <Form {...props} onClose={close} found={found} report={asked.value.report} />
      ) : (
        <>
          <ModalBody>
            {asked.kind === 'asking' ? (
              <Skeleton rows={3} label={`Looking at ${server.url}`} />
            ) : asked.kind === 'failed' ? (
              <Problem again={again}>{asked.problem}</Problem>
            ) : (
              <>
                <Findings probed={asked.value} />
                <ProbeReport report={asked.value.report} />
                <div>
                  <Button onClick={again}>Look again</Button>
                </div>
              </>
            )}
          </ModalBody>
          <ModalFoot>
            <Button onClick={close}>Cancel</Button>
          </ModalFoot>
        </>
      )}
    </Modal>
  );
}

function Form(props: ReconnectProps & { readonly found: FoundServerView; readonly report: string }) {
  const { connection, found } = props;
  const [form, setForm] = useState<ServerForm>(() => formBefore(props.server));
  const [signInWith, setSignInWith] = useState<SignInWay>(found.oauth?.signInWith ?? 'popup');
  const [wrong, setWrong] = useState<ReadonlyMap<string, string>>(new Map());
  const { isBusy, problem, run } = useBusy();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setWrong(new Map());
    void run(
      async () => {
        const { connectionId } = connection;
        await call('servers.reconnect', { connectionId, choice: choiceOf(form), signInWith });
        props.onClose();
      },
      (error) => {
        if (error instanceof Fault) setWrong(new Map(error.fields.map((one) => [one.field, one.message])));
      },
    );
  };
  return (
    <form onSubmit={submit} noValidate className="flex min-h-0 flex-col">
      <ModalBody>
        <p className="text-soft">
          The new credentials replace the old ones. The policies and the definitions that you accepted stay.
        </p>
        <AuthForm
          found={found}
          form={form}
          wrong={wrong}
          signInWith={signInWith}
          onForm={setForm}
          onSignInWith={setSignInWith}
        />
        <ProbeReport report={props.report} />
      </ModalBody>
      <ModalNews problem={problem}>
        {isBusy
          ? form.kind === 'oauth' && found.oauth !== null
            ? `Waiting for you to sign in at ${found.oauth.issuer}. Cancel ends it and changes nothing.`
            : 'Connecting. Cancel ends it and changes nothing.'
          : ''}
      </ModalNews>
      <ModalFoot>
        <Button onClick={props.onClose}>Cancel</Button>
        <Button kind="primary" submit disabled={isBusy}>
          {form.kind === 'oauth' ? 'Authorize with OAuth' : 'Reconnect'}
        </Button>
      </ModalFoot>
    </form>
  );
}

/** As it signed in until now; secrets are typed anew. */
function formBefore(server: Server): ServerForm {
  const headers = server.headerNames.map((name, key) => ({ key, name, value: '' }));
  return {
    ...emptyServerForm,
    kind: server.auth,
    headers: headers.length === 0 ? emptyServerForm.headers : headers,
    clientId: server.clientId,
    allowWithoutPkce: server.withoutPkce,
  };
}
