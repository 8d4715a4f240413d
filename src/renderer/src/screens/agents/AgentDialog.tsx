/** The form for a new agent and for what is changed of one. A refusal stands beside its field. */
import { type FormEvent, useState } from 'react';
import { Fault } from '../../../../preload/contract/reply';
import type { AgentView, NewAgentView } from '../../../../preload/contract/shapes';
import { call } from '../../bridge';
import { Button } from '../../parts/Button';
import { Modal, ModalBody, ModalFoot, ModalNews } from '../../parts/Modal';
import { useBusy } from '../../parts/use-busy';
import { useFacts } from '../../stores/facts';
import { AgentFields } from './AgentFields';
import { draftOf, endOf, scopeOf } from './agent-form';

/** @param clientNames The clients that can be written to; whatever else there is is “Other”. */
export function NewAgent(props: {
  readonly clientNames: readonly string[];
  readonly onClose: () => void;
  readonly onMade: (made: NewAgentView) => void;
}) {
  const kinds = [...props.clientNames, 'Other'];
  const form = useAgentForm(undefined, kinds[0] ?? 'Other');
  const submit = () =>
    form.send(async (terms) => {
      props.onMade(await call('agents.create', { ...terms, kind: form.draft.kind }));
    });
  return (
    <Modal title="New agent" onClose={props.onClose}>
      <Form form={form} kinds={kinds} keptEnd={null} onSubmit={submit}>
        <Button onClick={props.onClose}>Cancel</Button>
        <Button kind="primary" submit disabled={form.isBusy}>
          {form.isBusy ? 'Creating' : 'Create agent'}
        </Button>
      </Form>
    </Modal>
  );
}

export function EditAgent({ agent, onClose }: { readonly agent: AgentView; readonly onClose: () => void }) {
  const form = useAgentForm(agent, agent.kind);
  const submit = () =>
    form.send(async ({ name, scope, expiresAtMs }) => {
      const { agentId } = agent;
      const end = form.draft.end === 'kept' ? {} : { expiresAtMs };
      await call('agents.change', { agentId, name, scope, ...end });
      onClose();
    });
  return (
    <Modal title={`Edit ${agent.name}`} onClose={onClose}>
      <Form form={form} kinds={undefined} keptEnd={agent.expiresAtMs} onSubmit={submit}>
        <Button onClick={onClose}>Cancel</Button>
        <Button kind="primary" submit disabled={form.isBusy}>
          {form.isBusy ? 'Saving' : 'Save'}
        </Button>
      </Form>
    </Modal>
  );
}

type AgentForm = ReturnType<typeof useAgentForm>;

function useAgentForm(agent: AgentView | undefined, kind: string) {
  const connections = useFacts((facts) => facts.connections) ?? [];
  const [draft, setDraft] = useState(() => draftOf(agent, kind));
  const [wrong, setWrong] = useState<ReadonlyMap<string, string>>(new Map());
  const { isBusy, problem, run } = useBusy();
  const send = (
    task: (terms: {
      name: string;
      scope: ReturnType<typeof scopeOf>;
      expiresAtMs: number | null;
    }) => Promise<void>,
  ) => {
    const known = connections.map(({ connectionId }) => connectionId);
    const expiresAtMs = endOf(draft, Date.now(), agent?.expiresAtMs ?? null);
    if (expiresAtMs === undefined) {
      setWrong(new Map([['expiresAtMs', 'Choose a day.']]));
      return;
    }
    setWrong(new Map());
    void run(
      () => task({ name: draft.name, scope: scopeOf(draft, known), expiresAtMs }),
      (error) => {
        if (error instanceof Fault) setWrong(new Map(error.fields.map((one) => [one.field, one.message])));
      },
    );
  };
  // What stands beside its field is not said twice.
  const general = wrong.size > 0 ? '' : problem;
  return { draft, setDraft, wrong, isBusy, problem: general, send, connections };
}

function Form(props: {
  readonly form: AgentForm;
  readonly kinds: readonly string[] | undefined;
  readonly keptEnd: number | null;
  readonly onSubmit: () => void;
  readonly children: React.ReactNode;
}) {
  const { form } = props;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    props.onSubmit();
  };
  return (
    <form onSubmit={submit} noValidate className="flex min-h-0 flex-col">
      <ModalBody>
        <AgentFields
          draft={form.draft}
          onChange={form.setDraft}
          wrong={form.wrong}
          kinds={props.kinds}
          keptEnd={props.keptEnd}
          connections={form.connections}
        />
        {props.kinds === undefined ? null : <p className="text-soft">Its token is shown once.</p>}
      </ModalBody>
      <ModalNews problem={form.problem}>{''}</ModalNews>
      <ModalFoot>{props.children}</ModalFoot>
    </form>
  );
}
