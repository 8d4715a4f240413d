/** What a technician does leaves its row: settings with before and after, answers to questions, Verify log. */
import { describe, expect, it } from 'vitest';
import { ActivityLog } from '../../../src/main/activity/activity-log';
import { activityHandlers } from '../../../src/main/ipc/activity-handlers';
import { approvalHandlers } from '../../../src/main/ipc/gateway-handlers';
import { createHandlers, type HandlerNeeds } from '../../../src/main/ipc/handlers';
import { Fault } from '../../../src/preload/contract/reply';
import { approvalIdSchema } from '../../../src/preload/contract/shapes';
import {
  ActivityClock,
  entry,
  FakeActivityDisk,
  seal,
  sha256,
  signatures,
  unseal,
} from '../../fakes/activity-disk';
import { passphrase, passphraseBench } from '../../fakes/vault-bench';

const approvalId = approvalIdSchema.parse('apr_aaaaaaaa');

async function openLog(disk = new FakeActivityDisk()) {
  const parts = { files: disk, sha256, clock: new ActivityClock(), seal, open: unseal, signatures };
  const log = await ActivityLog.open({ ...parts, anchor: null, onAnchor: () => undefined });
  const newest = async () => (await log.list({ limit: 1 })).rows[0];
  return { log, disk, newest };
}

describe('a change of settings', () => {
  it('says what each setting was and is, and nothing when nothing changed', async () => {
    const { log, newest } = await openLog();
    const { vault } = await passphraseBench();
    const needs = { vault, activity: () => log, technician: 'Sam', applySettings: async () => undefined };
    const save = createHandlers(needs as unknown as HandlerNeeds)['settings.save'];
    const before = vault.read().settings;
    await save({ ...before, approvalMinutes: 3, idleLockMinutes: 15 });
    expect(await newest()).toMatchObject({
      kind: 'settings',
      who: 'Sam',
      detail: 'Minutes a question waits: 10 → 3. Minutes until the vault locks itself: none → 15.',
    });
    const [shown] = (await log.show(1)).records;
    expect(shown?.body).toMatchObject({
      value: { changes: [{ name: 'approvalMinutes', before: 10, after: 3 }, { name: 'idleLockMinutes' }] },
    });
    await save(vault.read().settings);
    expect((await log.list({ limit: 10 })).matched).toBe(1);
  });
});

describe('the vault', () => {
  it('leaves a row for a wrong passphrase and for the right one', async () => {
    const { vault } = await passphraseBench();
    const rows: string[] = [];
    const needs = {
      vault,
      technician: 'Sam',
      vaultOpened: async () => undefined,
      noteVault: async (outcome: string, detail: string) => {
        rows.push(`${outcome}: ${detail}`);
      },
      lockVault: (why: string) => vault.lock(why),
    };
    const handlers = createHandlers(needs as unknown as HandlerNeeds);
    await handlers['vault.lock']({});
    await expect(handlers['vault.unlock']({ passphrase: 'not this one at all' })).rejects.toMatchObject({
      code: 'vault_wrong_passphrase',
    });
    await handlers['vault.unlock']({ passphrase });
    expect(rows).toEqual(['refused: A wrong passphrase was typed.', 'noted: The vault was unlocked.']);
  });
});

describe('an answer to a question', () => {
  const decided = {
    tool: 'psa:add-note',
    agentName: 'Triage bot',
    sentence: 'Add a note to ticket 7.',
    reason: 'Not this one.',
  };

  it('is a row of its own with who asked, what for and the reason', async () => {
    const { log, newest } = await openLog();
    const gateway = { desk: { decide: () => decided } };
    const needs = { activity: () => log, gateway, technician: 'Sam' } as unknown as HandlerNeeds;
    await approvalHandlers(needs)['approvals.decide']({
      approvalId,
      decision: { kind: 'deny', reason: 'Not this one.' },
    });
    expect(await newest()).toMatchObject({
      kind: 'approval',
      who: 'Sam',
      what: 'psa:add-note',
      outcome: 'denied',
      detail: 'Triage bot: Add a note to ticket 7. Reason: Not this one.',
    });
  });

  it('leaves no row when the question was gone', async () => {
    const { log } = await openLog();
    const decide = () => {
      throw new Fault('approval_gone', 'It is gone.');
    };
    const needs = { activity: () => log, gateway: { desk: { decide } }, technician: 'Sam' };
    const handlers = approvalHandlers(needs as unknown as HandlerNeeds);
    await expect(
      handlers['approvals.decide']({ approvalId, decision: { kind: 'approve' } }),
    ).rejects.toMatchObject({ code: 'approval_gone' });
    expect((await log.list({ limit: 1 })).matched).toBe(0);
  });
});

describe('Verify log', () => {
  it('leaves what it found, good or bad', async () => {
    const { log, disk, newest } = await openLog();
    const needs = { activity: () => log, technician: 'Sam' } as unknown as HandlerNeeds;
    const verify = activityHandlers(needs)['activity.verify'];
    await verify({});
    expect(await newest()).toMatchObject({
      what: 'Activity log',
      outcome: 'noted',
      detail: 'Verified, and intact: 0 records in 0 files.',
    });
    const [file = ''] = disk.files.keys();
    disk.setLines(file, [disk.lines(file)[0]?.replace('intact', 'INTACT') ?? '']);
    expect(await verify({})).toMatchObject({ kind: 'broken', line: 1 });
    expect(await newest()).toMatchObject({
      outcome: 'failed',
      detail: expect.stringContaining(`${file}, line 1`),
    });
  });

  it('says what it found also when the changed log takes no row', async () => {
    const { log, disk } = await openLog();
    await log.append(entry());
    const [file = ''] = disk.files.keys();
    disk.setLines(file, ['nonsense']);
    disk.failNextAppend(0, 'EIO');
    const needs = { activity: () => log, technician: 'Sam' } as unknown as HandlerNeeds;
    expect(await activityHandlers(needs)['activity.verify']({})).toMatchObject({ kind: 'broken', line: 1 });
  });
});
