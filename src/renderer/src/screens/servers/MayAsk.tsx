/** What a custom server may ask of agents in the middle of a call: nothing, unless a technician allows it for this server. */
import { type FormEvent, useState } from 'react';
import type { ConnectionView } from '../../../../preload/contract/shapes';
import { call } from '../../bridge';
import { Button } from '../../parts/Button';
import { Modal, ModalBody, ModalFoot, ModalNews } from '../../parts/Modal';
import { useBusy } from '../../parts/use-busy';
import { tell } from '../../stores/view';

type Server = NonNullable<ConnectionView['server']>;
type Kind = Server['mayAsk'][number];

const kinds: readonly { readonly kind: Kind; readonly label: string; readonly help: string }[] = [
  {
    kind: 'elicitation',
    label: 'Ask the person in front of the agent (elicitation)',
    help: 'The agent shows its question and sends the answer back. A bad server could ask for secrets this way.',
  },
  {
    kind: 'sampling',
    label: 'Use the agent’s model (sampling)',
    help: 'The server writes a prompt, the agent’s model answers it, and the server gets to read the answer.',
  },
  {
    kind: 'roots',
    label: 'See which folders the agent works in (roots)',
    help: 'The server gets the addresses of these folders, with the names in them, and nothing of what is in them.',
  },
];

export function MayAsk(props: {
  readonly connection: ConnectionView;
  readonly server: Server;
  readonly onClose: () => void;
}) {
  const { connection, server, onClose } = props;
  const [mayAsk, setMayAsk] = useState<readonly Kind[]>(server.mayAsk);
  const { isBusy, problem, run } = useBusy();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void run(async () => {
      await call('servers.allow', { connectionId: connection.connectionId, mayAsk: [...mayAsk] });
      onClose();
      tell('Saved. The server is connected anew.');
    });
  };
  const toggle = (kind: Kind, isOn: boolean) =>
    setMayAsk(kinds.map((one) => one.kind).filter((one) => (one === kind ? isOn : mayAsk.includes(one))));
  return (
    <Modal title={`What ${connection.label} may ask`} onClose={onClose}>
      <form onSubmit={submit} noValidate className="flex min-h-0 flex-col">
        <ModalBody>
          <p className="text-soft">
            Some servers ask something back while a call runs. It reaches only the agent that made the call,
            and only agents that offer to answer.
          </p>
          {kinds.map(({ kind, label, help }) => (
            <label key={kind} className="flex items-start gap-2">
              <input
                type="checkbox"
                className="mt-[3px] shrink-0"
                checked={mayAsk.includes(kind)}
                onChange={(event) => toggle(kind, event.target.checked)}
              />
              <span>
                <span className="font-medium">{label}</span>
                <span className="block text-small text-soft">{help}</span>
              </span>
            </label>
          ))}
        </ModalBody>
        <ModalNews problem={problem}>{''}</ModalNews>
        <ModalFoot>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" submit disabled={isBusy}>
            Save
          </Button>
        </ModalFoot>
      </form>
    </Modal>
  );
}
