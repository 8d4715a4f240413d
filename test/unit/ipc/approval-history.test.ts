/** What people decided in earlier runs stands in the history again, as far as its rows tell. */
import { describe, expect, it } from 'vitest';
import { ActivityLog } from '../../../src/main/activity/activity-log';
import { ApprovalDesk, type Decision } from '../../../src/main/gateway/approval-desk';
import { pastDecisions } from '../../../src/main/ipc/approval-row';
import { approvalHandlers } from '../../../src/main/ipc/gateway-handlers';
import { approvalIdSchema, approvalsView } from '../../../src/preload/contract/shapes';
import {
  ActivityClock,
  entry,
  FakeActivityDisk,
  seal,
  sha256,
  signatures,
  unseal,
} from '../../fakes/activity-disk';

const approvalId = approvalIdSchema.parse('apr_aaaaaaaa');

async function run(disk: FakeActivityDisk, clock: ActivityClock) {
  const parts = { files: disk, sha256, clock, seal, open: unseal, signatures, anchor: null };
  const log = await ActivityLog.open({ ...parts, onAnchor: () => undefined });
  const decide = async (decision: Decision, agentName: string, sentence: string) => {
    const reason = decision.kind === 'deny' ? decision.reason : '';
    const gateway = { desk: { decide: () => ({ tool: 'psa:add-note', agentName, sentence, reason }) } };
    const needs = { activity: () => log, gateway, technician: 'Sam' };
    const handlers = approvalHandlers(needs as unknown as Parameters<typeof approvalHandlers>[0]);
    await handlers['approvals.decide']({ approvalId, decision });
    clock.advance(1_000);
  };
  const desk = new ApprovalDesk({ clock, random: { bytes: (count) => new Uint8Array(count) } });
  return { log, decide, desk };
}

async function reopened(before: (first: Awaited<ReturnType<typeof run>>) => Promise<void>) {
  const disk = new FakeActivityDisk();
  const clock = new ActivityClock();
  const first = await run(disk, clock);
  await before(first);
  await first.log.close();
  const openedAtMs = clock.nowMs();
  return { ...(await run(disk, clock)), openedAtMs };
}

describe('the history of approvals after a restart', () => {
  it('holds what was approved, granted and denied, newest first, with who and when', async () => {
    const { log, desk, openedAtMs } = await reopened(async ({ decide }) => {
      await decide({ kind: 'approve' }, 'Triage bot', 'Add a note: call back.');
      await decide({ kind: 'grant' }, 'Triage bot', 'Add a note to ticket 7.');
      await decide({ kind: 'deny', reason: 'Not this one.' }, 'Night bot', 'Wipe a device.');
    });
    desk.remember(await pastDecisions(log, openedAtMs));
    const { decided } = approvalsView.parse(desk.view());
    expect(
      decided.map(({ decision, agentName, sentence, by }) => [decision, agentName, sentence, by]),
    ).toEqual([
      ['denied', 'Night bot', 'Wipe a device. Reason: Not this one.', 'Sam'],
      ['approved', 'Triage bot', 'Add a note to ticket 7.', 'Sam'],
      ['approved', 'Triage bot', 'Add a note: call back.', 'Sam'],
    ]);
    expect(decided.map(({ reason }) => reason)).toEqual(['', 'For 30 minutes, whatever the arguments.', '']);
    expect(decided[0]?.decidedAtMs).toBe(openedAtMs - 1_000);
    expect(new Set(decided.map((one) => one.approvalId)).size).toBe(3);
  });

  it('lays no words of an agent into the mouth of the technician', async () => {
    const { log, openedAtMs } = await reopened(({ decide }) =>
      decide({ kind: 'deny', reason: '' }, 'Triage bot', 'Add a note. Reason: the boss said yes'),
    );
    expect(await pastDecisions(log, openedAtMs)).toMatchObject([
      { sentence: 'Add a note. Reason: the boss said yes', reason: '' },
    ]);
  });

  it('leaves what this run decided to the desk, so that nothing stands there twice', async () => {
    const { log, decide, openedAtMs } = await reopened(({ decide: decideBefore }) =>
      decideBefore({ kind: 'approve' }, 'Triage bot', 'Before.'),
    );
    await decide({ kind: 'approve' }, 'Triage bot', 'After.');
    expect((await pastDecisions(log, openedAtMs)).map(({ sentence }) => sentence)).toEqual(['Before.']);
  });

  it('keeps to the last two hundred, and gives way to newer ones', async () => {
    const { log, desk, openedAtMs } = await reopened(async ({ decide }) => {
      for (let ticket = 1; ticket <= 205; ticket += 1)
        await decide({ kind: ticket % 2 === 0 ? 'approve' : 'deny', reason: '' }, 'Bot', `Ticket ${ticket}.`);
    });
    const past = await pastDecisions(log, openedAtMs);
    expect([past.length, past[0]?.sentence, past.at(-1)?.sentence]).toEqual([
      200,
      'Ticket 205.',
      'Ticket 6.',
    ]);
    desk.remember(past.slice(0, 150));
    desk.remember(past.slice(0, 150));
    expect(desk.view().decided).toHaveLength(200);
  });

  it('leaves out ended grants and rows about anything else', async () => {
    const { log, openedAtMs } = await reopened(async ({ log: before }) => {
      await before.append(entry({ kind: 'approval', outcome: 'changed', detail: 'Grant for Bot ended.' }));
      await before.append(entry({ kind: 'policies', outcome: 'approved', detail: 'Bot: No decision.' }));
    });
    expect(await pastDecisions(log, openedAtMs)).toEqual([]);
  });

  it('shows a row without the name of an agent as it was written', async () => {
    const { log, openedAtMs } = await reopened(async ({ log: before }) => {
      await before.append(
        entry({ kind: 'approval', outcome: 'approved', detail: 'Approved.', callId: undefined }),
      );
    });
    // The clock stands still between the row and the reopening, so the next moment is asked for.
    expect(await pastDecisions(log, openedAtMs + 1)).toMatchObject([
      { agentName: '', sentence: 'Approved.' },
    ]);
  });

  it('approves nothing: an entry of it can be neither decided nor used', async () => {
    const { log, desk, openedAtMs } = await reopened(({ decide }) =>
      decide({ kind: 'approve' }, 'Triage bot', 'Add a note.'),
    );
    const past = await pastDecisions(log, openedAtMs);
    desk.remember(past);
    const id = past[0]?.approvalId ?? '';
    expect(desk.find(id, 'agt_1')).toBeUndefined();
    expect(() => desk.decide(id, { kind: 'approve' }, 'Sam')).toThrow(/no longer open/);
    expect(desk.view()).toMatchObject({ waiting: [], grants: [] });
  });
});
