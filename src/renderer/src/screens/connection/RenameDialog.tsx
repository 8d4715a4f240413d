/** Another label for a connection. What agents call its tools stays. */
import { type FormEvent, useState } from 'react';
import { Fault } from '../../../../preload/contract/reply';
import type { ConnectionView } from '../../../../preload/contract/shapes';
import { call } from '../../bridge';
import { Button } from '../../parts/Button';
import { TextField } from '../../parts/Entries';
import { Modal, ModalBody, ModalFoot, ModalNews } from '../../parts/Modal';
import { useBusy } from '../../parts/use-busy';

export function RenameDialog({
  connection,
  onClose,
}: {
  readonly connection: ConnectionView;
  readonly onClose: () => void;
}) {
  const { connectionId } = connection;
  const [label, setLabel] = useState(connection.label);
  const [wrong, setWrong] = useState<string>();
  const { isBusy, problem, run } = useBusy();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setWrong(undefined);
    void run(
      async () => {
        await call('connections.rename', { connectionId, label });
        onClose();
      },
      (error) => {
        if (error instanceof Fault) setWrong(error.fields.find((one) => one.field === 'label')?.message);
      },
    );
  };
  return (
    <Modal title={`Rename ${connection.label}`} onClose={onClose}>
      <form onSubmit={submit} noValidate className="flex min-h-0 flex-col">
        <ModalBody>
          <TextField
            label="Label"
            help={`Agents go on calling its tools ${connection.alias}__….`}
            wrong={wrong}
            maxLength={80}
            value={label}
            onChange={setLabel}
          />
        </ModalBody>
        <ModalNews problem={problem}>{''}</ModalNews>
        <ModalFoot>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" submit disabled={isBusy}>
            Rename
          </Button>
        </ModalFoot>
      </form>
    </Modal>
  );
}
