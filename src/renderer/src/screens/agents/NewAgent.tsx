/** The form for a new agent. */
import { type FormEvent, useState } from 'react';
import { Fault } from '../../../../preload/contract/reply';
import type { NewAgentView } from '../../../../preload/contract/shapes';
import { call } from '../../bridge';
import { Button } from '../../parts/Button';
import { Choice, Field, TextField } from '../../parts/Entries';
import { Modal, ModalBody, ModalFoot } from '../../parts/Modal';
import { Problem } from '../../parts/Say';
import { useBusy } from '../../parts/use-busy';

const kinds = ['Claude Desktop', 'Claude Code', 'Cursor', 'VS Code', 'Windsurf', 'Zed', 'Other'].map(
  (name) => ({
    value: name,
    label: name,
  }),
);

export function NewAgent(props: {
  readonly onClose: () => void;
  readonly onMade: (made: NewAgentView) => void;
}) {
  const [name, setName] = useState('');
  const [kind, setKind] = useState('Claude Desktop');
  const [wrong, setWrong] = useState<string>();
  const { isBusy, problem, run } = useBusy();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setWrong(undefined);
    void run(
      async () => props.onMade(await call('agents.create', { name, kind })),
      (error) => {
        if (error instanceof Fault) setWrong(error.fields.find((one) => one.field === 'name')?.message);
      },
    );
  };
  return (
    <Modal title="New agent" onClose={props.onClose}>
      <form onSubmit={submit} noValidate className="flex min-h-0 flex-col">
        <ModalBody>
          <TextField
            label="Name"
            help="How it appears in Approvals and Activity."
            wrong={wrong}
            maxLength={60}
            value={name}
            onChange={setName}
          />
          <Field label="Kind">
            {(own) => <Choice id={own.id} label="Kind" value={kind} onChange={setKind} options={kinds} />}
          </Field>
          <p className="text-soft">
            It may use every connection, as far as the tool policies let it. Its token is shown once.
          </p>
          <Problem>{problem}</Problem>
        </ModalBody>
        <ModalFoot>
          <Button onClick={props.onClose}>Cancel</Button>
          <Button kind="primary" submit disabled={isBusy}>
            {isBusy ? 'Creating' : 'Create agent'}
          </Button>
        </ModalFoot>
      </form>
    </Modal>
  );
}
