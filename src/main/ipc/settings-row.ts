/** What a change of settings leaves in Activity: each setting with before and after. Settings hold no secret. */
import type { SettingsView } from '../../preload/contract/shapes';
import type { ActivityEntry } from '../activity/record';

const names: Readonly<Partial<Record<string, string>>> = {
  theme: 'Theme',
  gatewayPort: 'Port',
  approvalMinutes: 'Minutes a question waits',
  idleLockMinutes: 'Minutes until the vault locks itself',
  signInWith: 'Sign-in pages',
  clientDocumentUrl: 'Client ID metadata document',
  retentionDays: 'Days that activity is kept',
  mostListedTools: 'Most tools in a list',
};

/** Undefined when nothing changed. */
export function settingsRow(
  before: SettingsView,
  after: SettingsView,
  technician: string,
): ActivityEntry | undefined {
  const was = new Map<string, unknown>(Object.entries(before));
  const changes = Object.entries(after)
    .filter(([name, value]) => JSON.stringify(was.get(name)) !== JSON.stringify(value))
    .map(([name, value]) => ({ name, before: was.get(name) ?? null, after: value }));
  if (changes.length === 0) return undefined;
  return {
    kind: 'settings',
    who: { kind: 'technician', name: technician },
    what: 'Settings',
    outcome: 'changed',
    detail: changes
      .map((one) => `${names[one.name] ?? one.name}: ${said(one.before)} → ${said(one.after)}.`)
      .join(' '),
    body: { changes },
  };
}

function said(value: unknown): string {
  if (value === null || value === '') return 'none';
  return typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value);
}
