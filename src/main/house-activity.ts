/** Wires the activity log of one house: opened with the vault the first time, kept open while the vault is locked. */
import { join } from 'node:path';
import { Fault } from '../preload/contract/reply';
import type { ActivityLog } from './activity/activity-log';
import { openActivityLog } from './activity/log-files.node';
import type { ActivityEntry, Outcome } from './activity/record';
import { openVaultLog } from './activity/vault-log';
import { clock } from './clock.node';
import type { HouseOptions } from './house-options';
import type { VaultHandle } from './store/vault';

export interface HouseActivityNeeds {
  readonly options: Pick<HouseOptions, 'dataFolder' | 'log'>;
  readonly vault: VaultHandle;
  readonly onAppended: (lastSeq: number) => void;
  /** The records of earlier runs are in: counts of today and lists are whole from now on. */
  readonly onReady: () => void;
}

export function createHouseActivity({ options, vault, onAppended, onReady }: HouseActivityNeeds) {
  let log: ActivityLog | undefined;
  const opened = (): ActivityLog => {
    if (log === undefined) throw new Fault('vault_locked', 'The vault is locked. Unlock it first.');
    return log;
  };
  const noteVault = async (outcome: Outcome, detail: string, who: ActivityEntry['who']): Promise<void> => {
    await log?.append({ kind: 'vault', who, what: 'Vault', outcome, detail });
  };
  return {
    /** @throws Fault `vault_locked` before the vault was opened once. */
    opened,
    isOpen: () => log !== undefined,
    record: (entry: ActivityEntry) => opened().append(entry),
    noteVault,
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
      log = await openVaultLog({ open: openActivityLog, dir, clock, vault });
      log.onAppended(onAppended);
      // Nobody waits for the past: it is read while the gateway already answers.
      log.ready().then(onReady, (error: unknown) => options.log.failure('reading the activity log', error));
    },
    close: async () => log?.close(),
  };
}
