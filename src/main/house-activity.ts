/** Wires the activity log of one house: opened with the vault the first time, kept open while the vault is locked. */
import { join } from 'node:path';
import { Fault } from '../preload/contract/reply';
import type { DecidedApprovalView } from '../preload/contract/shapes';
import type { ActivityLog } from './activity/activity-log';
import { openExportFile } from './activity/export-file.node';
import { Exporter } from './activity/exporter';
import { openActivityLog } from './activity/log-files.node';
import type { ActivityEntry, Outcome } from './activity/record';
import * as signing from './activity/signing.node';
import { openVaultLog } from './activity/vault-log';
import { clock } from './clock.node';
import type { HouseOptions } from './house-options';
import { pastDecisions } from './ipc/approval-row';
import type { Emit } from './ipc/tell-window';
import type { VaultHandle } from './store/vault';

export interface HouseActivityNeeds {
  readonly options: Pick<HouseOptions, 'dataFolder' | 'log' | 'chooseSaveFile'>;
  readonly technician: string;
  readonly emit: Emit;
  readonly vault: VaultHandle;
  readonly onAppended: (lastSeq: number) => void;
  /** The records of earlier runs are in: counts of today and lists are whole from now on. */
  readonly onReady: () => void;
  readonly onPastDecisions: (past: readonly DecidedApprovalView[]) => void;
}

const lookAgainMs = 3_600_000;

export function createHouseActivity(needs: HouseActivityNeeds) {
  const { options, vault, technician, emit } = needs;
  let log: ActivityLog | undefined;
  const opened = (): ActivityLog => {
    if (log === undefined) throw new Fault('vault_locked', 'The vault is locked. Unlock it first.');
    return log;
  };
  const noteVault = async (outcome: Outcome, detail: string, who: ActivityEntry['who']): Promise<void> => {
    await log?.append({ kind: 'vault', who, what: 'Vault', outcome, detail });
  };
  let stopTimer: (() => void) | undefined;
  /** Also tried again later: a day becomes old, an export ends, a vault is unlocked. */
  const closeOldDays = (): void => {
    stopTimer?.();
    stopTimer = clock.after(lookAgainMs, closeOldDays);
    if (log === undefined || vault.state().kind !== 'unlocked' || exporter.isRunning) return;
    const { retentionDays } = vault.read().settings;
    if (retentionDays === null) return;
    log.closed
      .close(retentionDays, `Keep activity for ${retentionDays} days`)
      .catch((error: unknown) => options.log.failure('closing old days of activity', error));
  };
  const exporter = new Exporter({
    clock,
    rows: (filter, withBodies) => opened().exportRows(filter, withBodies),
    append: (entry) => opened().append(entry),
    choose: async (wanted) => {
      if (options.chooseSaveFile === undefined)
        throw new Fault('export_failed', 'There is no screen here to choose a file on.');
      return await options.chooseSaveFile(wanted);
    },
    openFile: openExportFile,
    isUnlocked: () => vault.state().kind === 'unlocked',
    onProgress: (progress) => emit('activity.exporting', progress),
    technician,
  });
  return {
    forHandlers: { activity: opened, noteVault, exporter },
    /** @throws Fault `vault_locked` before the vault was opened once. */
    opened,
    isOpen: () => log !== undefined,
    record: (entry: ActivityEntry) => opened().append(entry),
    /** Does not wait: a row without a body needs no key. */
    noteLock(why: string, by: ActivityEntry['who']): void {
      if (vault.state().kind !== 'unlocked') return;
      noteVault('noted', by.kind === 'gatehouse' ? why : 'The vault was locked.', by).catch(
        (error: unknown) => options.log.failure('writing down a lock', error),
      );
    },
    async open(): Promise<void> {
      if (log !== undefined) return;
      const dir = join(options.dataFolder, 'activity');
      const openedAtMs = clock.nowMs();
      log = await openVaultLog({ open: openActivityLog, dir, clock, vault, signing });
      log.onAppended(needs.onAppended);
      // Nobody waits for the past: it is read while the gateway already answers.
      const whole = async () => {
        needs.onReady();
        closeOldDays();
        needs.onPastDecisions(await pastDecisions(opened(), openedAtMs));
      };
      log
        .ready()
        .then(whole)
        .catch((error: unknown) => options.log.failure('reading the activity log', error));
    },
    closeOldDays,
    async close(): Promise<void> {
      stopTimer?.();
      await log?.close();
    },
  };
}
