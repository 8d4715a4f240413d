/**
 * When the window hears of which fact: bursts become one feed each tenth of a second, and a policy book becomes one
 * line for each connection whose revision moved. Makes no view itself and decides nothing.
 */
import type { FeedValue } from '../../preload/contract/calls';
import type { UnrevokedView } from '../../preload/contract/disconnect-shapes';
import type { FeedName } from '../../preload/contract/names';
import {
  type AgentView,
  type ApprovalsView,
  type ConnectionView,
  connectionIdSchema,
  type StatusView,
} from '../../preload/contract/shapes';
import type { Clock } from '../ports';
import type { PolicyBook } from '../store/policy-book';
import { coalesce } from './coalesce';

export type Emit = <Name extends FeedName>(feed: Name, value: FeedValue<Name>) => void;

/** Each view is made at the moment it is sent. */
export interface TellNeeds {
  readonly clock: Pick<Clock, 'after'>;
  readonly emit: Emit;
  readonly status: () => StatusView;
  readonly connections: () => ConnectionView[];
  readonly unrevoked: () => UnrevokedView[];
  readonly agents: () => AgentView[];
  readonly approvals: () => ApprovalsView;
  readonly policies: () => PolicyBook;
  /** Also told of approvals, for the notification of the system. */
  readonly attend?: ((approvals: ApprovalsView) => void) | undefined;
}

export interface TellWindow {
  /** The policies as they are now are known; only what moves from here on is told. */
  readonly begin: () => void;
  /** State or content of the vault changed. */
  readonly vault: () => void;
  readonly status: () => void;
  readonly approvals: () => void;
  readonly appended: (lastSeq: number) => void;
}

export function tellWindow(needs: TellNeeds): TellWindow {
  const { clock, emit } = needs;
  const tellPolicies = policyTeller(needs);
  let newestSeq = 0;
  const status = coalesce(clock, () => emit('app.changed', needs.status()));
  const contents = coalesce(clock, () => {
    emit('connections.changed', needs.connections());
    emit('unrevoked.changed', needs.unrevoked());
    emit('agents.changed', needs.agents());
    tellPolicies.tell();
  });
  const approvals = coalesce(clock, () => {
    const view = needs.approvals();
    emit('approvals.changed', view);
    needs.attend?.(view);
  });
  const activity = coalesce(clock, () => emit('activity.appended', { lastSeq: newestSeq }));
  return {
    begin: tellPolicies.begin,
    status,
    approvals,
    vault() {
      status();
      contents();
    },
    appended(lastSeq) {
      newestSeq = Math.max(newestSeq, lastSeq);
      activity();
    },
  };
}

/** A connection that went says nothing. */
function policyTeller({ emit, policies }: TellNeeds) {
  const revisions = () => new Map(Object.entries(policies()).map(([id, { revision }]) => [id, revision]));
  let known: ReadonlyMap<string, number> = new Map();
  return {
    begin(): void {
      known = revisions();
    },
    tell(): void {
      const now = revisions();
      for (const [id, revision] of now) {
        const connectionId = connectionIdSchema.safeParse(id).data;
        if (connectionId === undefined || known.get(id) === revision) continue;
        emit('policies.changed', { connectionId, revision });
      }
      known = now;
    },
  };
}
