/** Wires the gateway: agents, the core, its operating mode, and the door that listens. Wiring only; no rule is here. */
import { randomBytes } from 'node:crypto';
import { Fault } from '../preload/contract/reply';
import type { GatewayView as GatewayStateView, SettingsView } from '../preload/contract/shapes';
import type { ActivityEntry } from './activity/record';
import { clock } from './clock.node';
import { createAgents } from './gateway/agents';
import type { Upstreams } from './gateway/core-ports';
import { freePortAfter } from './gateway/free-port.node';
import { createGateway } from './gateway/gateway';
import type { McpSource } from './gateway/mcp-source';
import { createOperatingMode } from './gateway/operating-mode';
import { type ServedGateway, serveGateway } from './gateway/server.node';
import { composeUpstreams } from './gateway/sources';
import type { HouseOptions } from './house-options';
import type { Random } from './ports';
import { sha256 } from './sha256.node';
import { emptyState } from './store/state-record';
import type { VaultHandle } from './store/vault';

const random: Random = { bytes: (count) => randomBytes(count) };

export interface GatewayWiring {
  readonly options: HouseOptions;
  readonly vault: VaultHandle;
  readonly record: (entry: ActivityEntry) => Promise<unknown>;
  readonly technician: string;
  readonly catalog: Upstreams;
  readonly custom: McpSource;
  /** Told when the state of the door or the mode has changed. */
  readonly onChanged: () => void;
}

export function openGateway(needs: GatewayWiring) {
  const { options, vault, record, technician, custom } = needs;
  const isOpen = () => vault.state().kind === 'unlocked';
  const settings = (): SettingsView => (isOpen() ? vault.read().settings : emptyState().settings);
  const agents = createAgents({ vault, clock, random, hash: sha256, record, technician });
  const gateway = createGateway({
    clock,
    random,
    activity: { append: record },
    agents,
    upstreams: composeUpstreams({ catalog: needs.catalog, mcp: custom.upstreams }),
    lists: custom.lists,
    options: {
      holdMs: 45_000,
      approvalMs: () => settings().approvalMinutes * 60_000,
      mode: () => modes.now(),
      mostListed: () => options.mostListed ?? settings().mostListedTools,
      unprefixed: options.unprefixed ?? false,
    },
  });
  const modes = createOperatingMode({
    vault,
    clock,
    record,
    technician,
    onChanged: () => {
      gateway.modeChanged();
      needs.onChanged();
    },
    stopCalls: gateway.stopCalls,
    countCalls: gateway.counts,
  });

  let served: ServedGateway | undefined;
  let state: GatewayStateView = { kind: 'stopped', why: 'The vault is not open yet.' };
  const close = async (): Promise<void> => {
    await served?.close();
    served = undefined;
  };

  return {
    agents,
    gateway,
    modes,
    settings,
    door: {
      state: () => state,
      close,
      async listen(port: number): Promise<void> {
        await close();
        try {
          served = await serveGateway({
            gateway,
            port,
            mostPerSecond: options.mostPerSecond,
            isLocked: () => !isOpen(),
            onFault: (error) => options.log.failure('gateway', error),
          });
          state = { kind: 'listening', url: served.url, port: served.port };
        } catch (error) {
          if (!(error instanceof Fault) || error.code !== 'port_taken') throw error;
          state = { kind: 'port_taken', port, nextFreePort: await freePortAfter(port) };
        }
        needs.onChanged();
      },
    },
  };
}
