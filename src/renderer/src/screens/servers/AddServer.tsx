/**
 * Add MCP Server: the address, then what was found there and how one signs in. Going back keeps what was typed; nothing is saved before
 * the server has taken the credentials and listed its tools.
 */
import { type FormEvent, useState } from 'react';
import { Fault } from '../../../../preload/contract/reply';
import type { ProbeView } from '../../../../preload/contract/server-shapes';
import type { ConnectionView, SignInWay } from '../../../../preload/contract/shapes';
import { call } from '../../bridge';
import { Button } from '../../parts/Button';
import { TextField } from '../../parts/Entries';
import { Modal, ModalBody, ModalFoot, ModalNews } from '../../parts/Modal';
import { useBusy } from '../../parts/use-busy';
import { AuthForm, type FoundServerView } from './AuthForm';
import { Findings, ProbeReport } from './Probed';
import { choiceOf, emptyServerForm } from './server-form';

interface Probed {
  readonly url: string;
  readonly view: ProbeView;
}

export function AddServer(props: {
  readonly onClose: () => void;
  readonly onDone: (connection: ConnectionView) => void;
}) {
  const [url, setUrl] = useState('');
  const [probed, setProbed] = useState<Probed>();
  const [isBack, setBack] = useState(false);
  const [name, setName] = useState('');
  const [form, setForm] = useState(emptyServerForm);
  const [signInWith, setSignInWith] = useState<SignInWay>('popup');
  const [wrong, setWrong] = useState<ReadonlyMap<string, string>>(new Map());
  const { isBusy, problem, run, setProblem } = useBusy();

  const attempt = (task: () => Promise<void>) => {
    setWrong(new Map());
    return run(task, (error) => {
      if (error instanceof Fault) setWrong(new Map(error.fields.map((one) => [one.field, one.message])));
    });
  };
  const probe = () =>
    attempt(async () => {
      const asked = url.trim();
      const view = await call('servers.probe', { url: asked });
      const { found } = view;
      // The same server again keeps what was typed about it.
      if (found.kind === 'server' && probed?.url !== asked) {
        setName(found.suggestedName);
        setForm({ ...emptyServerForm, kind: found.auth });
        if (found.oauth !== null) setSignInWith(found.oauth.signInWith);
      }
      setProbed({ url: asked, view });
      setBack(false);
    });
  const connect = () =>
    attempt(async () => {
      const choice = choiceOf(form);
      props.onDone(await call('servers.connect', { url: url.trim(), name, choice, signInWith }));
    });
  const stop = () => void call('servers.cancel', {});
  const close = () => {
    if (isBusy) stop();
    props.onClose();
  };
  const back = () => {
    setBack(true);
    setProblem('');
    setWrong(new Map());
  };

  const found = probed?.view.found;
  const isThere = probed !== undefined && !isBack;
  const server: FoundServerView | undefined = isThere && found?.kind === 'server' ? found : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void (server === undefined ? probe() : connect());
  };
  const verb = server === undefined ? 'Continue' : form.kind === 'oauth' ? 'Authorize with OAuth' : 'Connect';
  return (
    <Modal title="Add MCP Server" onClose={close}>
      <form onSubmit={submit} noValidate className="flex min-h-0 flex-col">
        <ModalBody>
          {server === undefined ? (
            <>
              <TextField
                label="Server URL"
                help="https:// and a public host, for example https://mcp.example.com/mcp. Gatehouse first looks at it without any credentials."
                placeholder="https://"
                wrong={wrong.get('url')}
                maxLength={2000}
                value={url}
                onChange={setUrl}
              />
              {isThere ? (
                <>
                  <Findings probed={probed.view} />
                  <ProbeReport report={probed.view.report} />
                </>
              ) : null}
            </>
          ) : (
            <>
              <p className="[overflow-wrap:anywhere]">
                {server.serverName === '' ? 'An MCP server' : `The MCP server “${server.serverName}”`} answers
                at <span className="mono">{server.url}</span>
                {server.protocol === '' ? '.' : ` and speaks ${server.protocol}.`}
              </p>
              {probed === undefined ? null : <Findings probed={probed.view} />}
              <TextField
                label="Name"
                help="What this server is called in Gatehouse, and the beginning of what agents call its tools."
                wrong={wrong.get('label') ?? wrong.get('name')}
                maxLength={80}
                value={name}
                onChange={setName}
              />
              <AuthForm
                found={server}
                form={form}
                wrong={wrong}
                signInWith={signInWith}
                onForm={setForm}
                onSignInWith={setSignInWith}
              />
              {probed === undefined ? null : <ProbeReport report={probed.view.report} />}
            </>
          )}
        </ModalBody>
        <ModalNews problem={problem}>{isBusy ? doingNow(server, form.kind) : ''}</ModalNews>
        <ModalFoot>
          {server === undefined ? null : (
            <span className="mr-auto">
              <Button onClick={back} disabled={isBusy}>
                Back
              </Button>
            </span>
          )}
          {isBusy ? <Button onClick={stop}>Stop</Button> : <Button onClick={props.onClose}>Cancel</Button>}
          <Button kind="primary" submit disabled={isBusy}>
            {verb}
          </Button>
        </ModalFoot>
      </form>
    </Modal>
  );
}

function doingNow(server: FoundServerView | undefined, kind: FoundServerView['auth']): string {
  if (server === undefined) return 'Looking at what answers there. Stop ends it.';
  if (kind === 'oauth' && server.oauth !== null)
    return `Waiting for you to sign in at ${server.oauth.issuer}. Stop ends it and saves nothing.`;
  return 'Connecting and listing the tools. Stop ends it and saves nothing.';
}
