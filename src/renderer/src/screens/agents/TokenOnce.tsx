/** A token, the one time it can be seen, with what to paste into the client. */
import { Copy } from 'lucide-react';
import type { NewAgentView } from '../../../../preload/contract/shapes';
import { Button } from '../../parts/Button';
import { Code } from '../../parts/Code';
import { CopyLine, useCopy } from '../../parts/CopyLine';
import { Modal, ModalBody, ModalFoot } from '../../parts/Modal';

export function TokenOnce({ made, onClose }: { readonly made: NewAgentView; readonly onClose: () => void }) {
  const { said, copy } = useCopy();
  const settings = settingsFor(made);
  return (
    <Modal title={`Token of ${made.agent.name}`} onClose={onClose}>
      <ModalBody>
        <p>This is shown once. Gatehouse keeps only its hash, so a lost token is replaced with Rotate.</p>
        <CopyLine label="Token" value={made.token} />
        <CopyLine label="Address" value={made.url} />
        <div className="flex flex-col gap-1">
          <div className="flex items-center">
            <h3 className="font-medium">For the client’s settings</h3>
            <span className="ml-auto">
              <Button size="small" onClick={() => copy(settings, 'Settings')}>
                <Copy size={13} aria-hidden="true" /> Copy settings
              </Button>
            </span>
          </div>
          <Code label="For the client’s settings">{settings}</Code>
        </div>
        <p role="status" className="text-good empty:hidden">
          {said}
        </p>
      </ModalBody>
      <ModalFoot>
        <Button kind="primary" onClick={onClose}>
          Done
        </Button>
      </ModalFoot>
    </Modal>
  );
}

/** The entry most clients read: an `mcpServers` map; VS Code calls it `servers`. */
function settingsFor(made: NewAgentView): string {
  const entry = { type: 'http', url: made.url, headers: { Authorization: `Bearer ${made.token}` } };
  const root = made.agent.kind === 'VS Code' ? 'servers' : 'mcpServers';
  return JSON.stringify({ [root]: { gatehouse: entry } }, null, 2);
}
