/**
 * The activity log of a vault: bodies are sealed under its key, and the newest hash is anchored in its store, so that cutting
 * off the end shows too.
 */
import type { Clock } from '../ports';
import type { VaultHandle } from '../store/vault';
import type { ActivityLog } from './activity-log';
import type { openActivityLog } from './log-files.node';
import { type Signing, vaultSignatures } from './vault-signatures';

const context = 'activity';

/** @param needs `open` comes from log-files.node.ts; the vault is unlocked. */
export async function openVaultLog(needs: {
  readonly open: typeof openActivityLog;
  readonly dir: string;
  readonly clock: Clock;
  readonly vault: VaultHandle;
  readonly signing: Signing;
}): Promise<ActivityLog> {
  const { vault, clock, dir } = needs;
  const anchor = vault.read().log;
  return await needs.open({
    dir,
    clock,
    seal: (clear) => vault.sealBody(context, new TextEncoder().encode(clear)),
    open: (sealed) => new TextDecoder().decode(vault.openBody(context, sealed)),
    signatures: await vaultSignatures(vault, needs.signing),
    anchor: anchor === null ? null : { seq: anchor.lastSeq, hash: anchor.lastHash },
    onAnchor: async ({ seq, hash: lastHash }) => {
      if (vault.state().kind !== 'unlocked') return;
      const day = new Date(clock.nowMs()).toISOString().slice(0, 10);
      await vault.update((state) => ({ ...state, log: { lastSeq: seq, lastHash, day } }));
    },
  });
}
