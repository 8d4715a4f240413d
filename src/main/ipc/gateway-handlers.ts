/** Approvals, grants and the operating mode: the calls that a technician holds the gateway with. */
import type { Handlers } from '../../preload/contract/calls';
import type { ActivityLog } from '../activity/activity-log';
import type { Gateway } from '../gateway/gateway';
import type { OperatingModes } from '../gateway/operating-mode';

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
  const note = (what: string, detail: string) =>
    needs.activity().append({
      kind: 'approval',
      who: { kind: 'technician', name: needs.technician },
      what,
      outcome: 'changed',
      detail,
    });
  return {
    'approvals.list': async () => desk().view(),
    'approvals.decide': async ({ approvalId, decision }) => {
      const decided = desk().decide(approvalId, decision, needs.technician);
      if (decision.kind === 'grant')
        await note(decided.tool, `Approved for 30 minutes for ${decided.agentName}, whatever the arguments.`);
      return decided;
    },
    'approvals.endGrant': async ({ grantId }) => {
      const ended = desk().endGrant(grantId);
      await note(ended.tool, `Grant for ${ended.agentName} ended after ${ended.uses} calls.`);
      return desk().view();
    },
  };
}
