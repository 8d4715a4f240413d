/** A token, the one time it can be seen: written into its client, or copied. */
import { Copy } from 'lucide-react';
import { useState } from 'react';
import type { ClientsView } from '../../../../preload/contract/client-shapes';
import type { NewAgentView } from '../../../../preload/contract/shapes';
import { Button } from '../../parts/Button';
import { Code } from '../../parts/Code';
import { CopyLine, useCopy } from '../../parts/CopyLine';
import { Segments } from '../../parts/Entries';
import { Modal, ModalBody, ModalFoot } from '../../parts/Modal';
import { Problem, Skeleton } from '../../parts/Say';
import { useAsked } from '../../parts/use-asked';
import { WriteToClient } from './WriteToClient';

export function TokenOnce({ made, onClose }: { readonly made: NewAgentView; readonly onClose: () => void }) {
  const { asked, again } = useAsked('clients.list', {});
  return (
    <Modal title={`Token of ${made.agent.name}`} onClose={onClose} isWide>
      <ModalBody>
        <p>This is shown once. Gatehouse keeps only its hash, so a lost token is replaced with Rotate.</p>
        <CopyLine label="Token" value={made.token} />
        <CopyLine label="Address" value={made.url} />
        {asked.kind === 'asking' ? <Skeleton rows={2} label="Looking for the client" /> : null}
        {asked.kind === 'failed' ? <Problem again={again}>{asked.problem}</Problem> : null}
        {asked.kind === 'known' ? <Ways clients={asked.value} made={made} /> : null}
      </ModalBody>
      <ModalFoot>
        <Button onClick={onClose}>Done</Button>
      </ModalFoot>
    </Modal>
  );
}

function Ways({ clients, made }: { readonly clients: ClientsView; readonly made: NewAgentView }) {
  const client = clients.clients.find(({ name }) => name === made.agent.kind);
  const isFound = client?.files.some(({ state }) => state !== 'missing') === true;
  const [isCopying, setCopying] = useState(!isFound);
  return (
    <>
      {client === undefined ? null : <WriteToClient client={client} made={made} />}
      {isCopying ? (
        <Settings texts={clients.texts} token={made.token} />
      ) : (
        <div>
          <Button size="small" onClick={() => setCopying(true)}>
            Copy settings instead
          </Button>
        </div>
      )}
    </>
  );
}

/** What most clients read: an `mcpServers` map. Main never has the token again, so that it is put in here. */
function Settings({ texts, token }: { readonly texts: ClientsView['texts']; readonly token: string }) {
  const [label, setLabel] = useState(texts[0]?.label ?? '');
  const { said, copy } = useCopy();
  const settings = texts.find((one) => one.label === label)?.text.replaceAll('{{token}}', token) ?? '';
  return (
    <div className="flex shrink-0 flex-col gap-2">
      <div className="flex flex-wrap items-center gap-2">
        <h3 className="font-medium">For the client’s settings</h3>
        <span className="ml-auto">
          <Button size="small" onClick={() => copy(settings, 'Settings')}>
            <Copy size={13} aria-hidden="true" /> Copy settings
          </Button>
        </span>
      </div>
      <Segments
        label="How the client connects"
        value={label}
        onChange={setLabel}
        options={texts.map((one) => ({ value: one.label, label: one.label }))}
      />
      <Code label="For the client’s settings">{settings}</Code>
      <p role="status" className="text-good empty:hidden">
        {said}
      </p>
    </div>
  );
}
