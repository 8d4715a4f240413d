/** The AI clients that may call. A token is shown once. */
import { type FormEvent, useState } from 'react';
import type { AgentId, AgentView, NewAgentView } from '../../../preload/contract/shapes';
import { call } from '../bridge';
import { Badge, Button, Empty, Modal, Page, Problem } from '../parts/parts';
import { useFacts } from '../stores/facts';
import { ago, sentenceOf } from '../words';

const kinds = ['Claude Desktop', 'Claude Code', 'Cursor', 'VS Code', 'Windsurf', 'Zed', 'Other'];

export function Agents() {
  const agents = useFacts((facts) => facts.agents);
  const [isOpen, setOpen] = useState(false);
  const [made, setMade] = useState<NewAgentView>();
  const [revoking, setRevoking] = useState<AgentView>();
  const [problem, setProblem] = useState('');
  const fail = (error: unknown) => setProblem(sentenceOf(error));
  const revoke = (agentId: AgentId) =>
    void call('agents.revoke', { agentId }).then(() => setRevoking(undefined), fail);
  return (
    <Page
      title="Agents"
      actions={
        <Button kind="primary" onClick={() => setOpen(true)}>
          New agent
        </Button>
      }
    >
      <Problem>{problem}</Problem>
      {agents.length === 0 ? <Empty>No agent yet. Each AI client gets a token of its own.</Empty> : null}
      <table aria-label="Agents" className="w-full border-collapse bg-card">
        <thead>
          <tr className="h-9 border-b border-line">
            <th className="pl-3">Name</th>
            <th>Kind</th>
            <th>Last seen</th>
            <th>Calls today</th>
            <th>Tools</th>
            <th>
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {agents.map((agent) => (
            <tr key={agent.agentId} className="h-10 border-b border-line">
              <td className="pl-3">{agent.name}</td>
              <td>{agent.kind}</td>
              <td>{ago(agent.lastSeenAtMs, Date.now())}</td>
              <td>{agent.callsToday}</td>
              <td>{agent.toolCount}</td>
              <td className="text-right">
                {agent.revokedAtMs === null ? (
                  <>
                    <Button
                      label={`Rotate ${agent.name}`}
                      onClick={() =>
                        void call('agents.rotate', { agentId: agent.agentId }).then(setMade, fail)
                      }
                    >
                      Rotate
                    </Button>
                    <Button label={`Revoke ${agent.name}`} kind="link" onClick={() => setRevoking(agent)}>
                      Revoke
                    </Button>
                  </>
                ) : (
                  <Badge tone="quiet">Revoked</Badge>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {isOpen ? (
        <NewAgent
          onClose={() => setOpen(false)}
          onMade={(agent) => {
            setOpen(false);
            setMade(agent);
          }}
        />
      ) : null}
      {made === undefined ? null : <Token made={made} onClose={() => setMade(undefined)} />}
      {revoking === undefined ? null : (
        <Modal title={`Revoke ${revoking.name}?`} role="alertdialog" onClose={() => setRevoking(undefined)}>
          <p>Its token stops working at once, and what it waits for is refused. This cannot be undone.</p>
          <div className="flex justify-end gap-2">
            <Button focused onClick={() => setRevoking(undefined)}>
              Cancel
            </Button>
            <Button kind="danger" onClick={() => revoke(revoking.agentId)}>
              Revoke
            </Button>
          </div>
        </Modal>
      )}
    </Page>
  );
}

function NewAgent(props: { readonly onClose: () => void; readonly onMade: (made: NewAgentView) => void }) {
  const [name, setName] = useState('');
  const [kind, setKind] = useState('Claude Desktop');
  const [problem, setProblem] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    call('agents.create', { name, kind }).then(props.onMade, (error: unknown) =>
      setProblem(sentenceOf(error)),
    );
  };
  return (
    <Modal title="New agent" onClose={props.onClose}>
      <form onSubmit={submit} className="flex flex-col gap-3">
        <label className="flex flex-col gap-1">
          Name
          <input value={name} onChange={(event) => setName(event.target.value)} />
        </label>
        <label className="flex flex-col gap-1">
          Kind
          <select value={kind} onChange={(event) => setKind(event.target.value)}>
            {kinds.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </label>
        <Problem>{problem}</Problem>
        <div className="flex justify-end gap-2">
          <Button onClick={props.onClose}>Cancel</Button>
          <Button kind="primary" submit>
            Create agent
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function Token({ made, onClose }: { readonly made: NewAgentView; readonly onClose: () => void }) {
  const [copied, setCopied] = useState('');
  const copy = () =>
    navigator.clipboard.writeText(made.token).then(
      () => setCopied('Copied.'),
      () => setCopied('Copying failed. Select the token and copy it by hand.'),
    );
  return (
    <Modal title={`Token of ${made.agent.name}`} onClose={onClose}>
      <p>
        This is shown once. Put it into the agent’s settings as a bearer token; Gatehouse keeps only its hash.
      </p>
      <label className="flex flex-col gap-1">
        Token
        <input readOnly value={made.token} className="font-mono" />
      </label>
      <label className="mt-3 flex flex-col gap-1">
        Address
        <input readOnly value={made.url} className="font-mono" />
      </label>
      <p role="status">{copied}</p>
      <div className="flex justify-end gap-2">
        <Button onClick={() => void copy()}>Copy token</Button>
        <Button kind="primary" onClick={onClose}>
          Done
        </Button>
      </div>
    </Modal>
  );
}
