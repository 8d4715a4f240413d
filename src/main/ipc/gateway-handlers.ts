/** Approvals, grants and the operating mode: the calls that a technician holds the gateway with. */
import type { Handlers } from '../../preload/contract/calls';
import type { Outcome } from '../../preload/contract/shapes';
import type { ActivityLog } from '../activity/activity-log';
import type { Gateway } from '../gateway/gateway';
import type { OperatingModes } from '../gateway/operating-mode';
import { decisionDetail } from './approval-row';

type Part<Prefix extends string> = Pick<Handlers, Extract<keyof Handlers, `${Prefix}.${string}`>>;

export function gatewayHandlers(modes: OperatingModes): Part<'gateway'> {
  return {
    'gateway.setMode': async ({ mode }) => {
      await modes.set(mode);
      return {};
    },
    'gateway.previewStop': async () => modes.preview(),
    'gateway.stopEverything': () => modes.stopEverything(),
  };
}

export function approvalHandlers(needs: {
  readonly gateway: Pick<Gateway, 'desk'>;
  readonly activity: () => Pick<ActivityLog, 'append'>;
  readonly technician: string;
}): Part<'approvals'> {
  const desk = () => needs.gateway.desk;
  const note = (what: string, outcome: Outcome, detail: string) =>
    needs.activity().append({
      kind: 'approval',
      who: { kind: 'technician', name: needs.technician },
      what,
      outcome,
      detail,
    });
  return {
    'approvals.list': async () => desk().view(),
    'approvals.decide': async ({ approvalId, decision }) => {
      const decided = desk().decide(approvalId, decision, needs.technician);
      const outcome = decision.kind === 'deny' ? 'denied' : 'approved';
      await note(decided.tool, outcome, decisionDetail(decision.kind, decided));
      return decided;
    },
    'approvals.endGrant': async ({ grantId }) => {
      const ended = desk().endGrant(grantId);
      await note(ended.tool, 'changed', `Grant for ${ended.agentName} ended after ${ended.uses} calls.`);
      return desk().view();
    },
  };
}
