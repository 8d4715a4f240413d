/** What the start hands to the house: places, what the desktop can do, and what tests and measurements may change. Types only. */
import type { ApprovalsView, Policy, SettingsView } from '../preload/contract/shapes';
import type { ExporterNeeds } from './activity/exporter';
import type { AskKind } from './mcp/asked-by-server';
import type { WantedUpstream } from './mcp/upstream-flags';
import type { PopupReach } from './oauth/popup.electron';
import type { PageToShow, ShownPage } from './oauth/sign-in';
import type { Log } from './ports';
import type { OpenTextStore } from './store/document-folder.node';

export interface SignInToShow extends PageToShow {
  /** Only in the practice workspace, whose vendors are on no network. */
  readonly reach: PopupReach | undefined;
}

export interface HouseOptions {
  readonly dataFolder: string;
  readonly catalogPath: string;
  readonly samplesFolder: string;
  readonly version: string;
  readonly practice: boolean;
  readonly openStore: OpenTextStore;
  /** A port that wins over the settings, for headless runs and tests; 0 takes any free one. */
  readonly port?: number | undefined;
  /** Tools that an agent is shown in a list; wins over the settings. */
  readonly mostListed?: number | undefined;
  /** Messages that one agent may send. */
  readonly mostPerSecond?: number | undefined;
  readonly unprefixed?: boolean | undefined;
  /** Custom servers that were checked already; tests and measurements only. */
  readonly upstreams?: readonly WantedUpstream[] | undefined;
  readonly upstreamPolicy?: Policy | undefined;
  readonly upstreamsMayAsk?: readonly AskKind[] | undefined;
  /** Vendors and custom servers on this computer may be called: tests and measurements only. */
  readonly allowLoopback?: boolean | undefined;
  /** How the gateway is reached by clients that only start programs: this program, without its arguments for that. */
  readonly bridge: { readonly command: string; readonly args: readonly string[] };
  readonly log: Log;
  readonly openPractice: () => void;
  readonly openLink: (url: string) => Promise<void>;
  /** Shows a vendor's sign-in page; there is none where nobody looks at a screen. */
  readonly showSignIn?: ((page: SignInToShow) => Promise<ShownPage>) | undefined;
  /** Asks where to save an export; nobody can be asked where there is no screen. */
  readonly chooseSaveFile?: ExporterNeeds['choose'] | undefined;
  /** Whether there is a network at all; always assumed where nobody can say. */
  readonly isOnline?: () => boolean;
  readonly applyTheme: (theme: SettingsView['theme']) => void;
  /** Hears what waits for a technician, for the notification of the system. */
  readonly attend?: ((approvals: ApprovalsView) => void) | undefined;
}
