/** Vault, gateway, approvals, theme, practice workspace. */
import { useEffect, useState } from 'react';
import type { SettingsView } from '../../../preload/contract/shapes';
import { call } from '../bridge';
import { Button, Page, Problem } from '../parts/parts';
import { useFacts } from '../stores/facts';
import { tell } from '../stores/view';
import { sentenceOf } from '../words';

export function Settings() {
  const status = useFacts((facts) => facts.status);
  const [settings, setSettings] = useState<SettingsView>();
  const [problem, setProblem] = useState('');
  const fail = (error: unknown) => setProblem(sentenceOf(error));
  useEffect(() => {
    call('settings.show', {}).then(setSettings, (error: unknown) => setProblem(sentenceOf(error)));
  }, []);
  if (settings === undefined || status === undefined)
    return <Page title="Settings">{<Problem>{problem}</Problem>}</Page>;
  const save = (next: SettingsView) => {
    setProblem('');
    call('settings.save', next).then((saved) => {
      setSettings(saved);
      tell('Saved.');
    }, fail);
  };
  const { vault, gateway } = status;
  const protector =
    vault.kind === 'unlocked' && vault.protector.kind === 'keychain'
      ? `the keychain (${vault.protector.name})`
      : 'a passphrase';
  return (
    <Page title="Settings">
      <Problem>{problem}</Problem>
      <Section title="Vault">
        <p className="m-0">Unlocked, protected by {protector}.</p>
        <Button onClick={() => void call('vault.lock', {}).catch(fail)}>Lock vault</Button>
      </Section>
      <Section title="Gateway">
        <label className="flex items-center gap-2">
          Port
          <input
            type="number"
            min={1024}
            max={65535}
            value={settings.gatewayPort}
            onChange={(event) => setSettings({ ...settings, gatewayPort: event.target.valueAsNumber || 0 })}
          />
        </label>
        {gateway.kind === 'port_taken' ? (
          <>
            <Problem>{`Port ${gateway.port} is taken by another program.`}</Problem>
            <Button
              onClick={() => save({ ...settings, gatewayPort: gateway.nextFreePort })}
            >{`Use ${gateway.nextFreePort}`}</Button>
          </>
        ) : null}
      </Section>
      <Section title="Approvals">
        <label className="flex items-center gap-2">
          A question waits for
          <input
            type="number"
            min={1}
            max={60}
            value={settings.approvalMinutes}
            onChange={(event) =>
              setSettings({ ...settings, approvalMinutes: event.target.valueAsNumber || 1 })
            }
          />
          minutes
        </label>
      </Section>
      <Section title="Theme">
        <div role="radiogroup" aria-label="Theme" className="m-0 flex gap-4 border-0 p-0">
          {(['system', 'light', 'dark'] as const).map((theme) => (
            <label key={theme} className="flex items-center gap-1 capitalize">
              <input
                type="radio"
                name="theme"
                checked={settings.theme === theme}
                onChange={() => save({ ...settings, theme })}
              />
              {theme}
            </label>
          ))}
        </div>
      </Section>
      {status.practice ? null : (
        <Section title="Practice workspace">
          <p className="m-0 text-soft">A profile of its own with a simulated vendor and sample data.</p>
          <Button onClick={() => void call('app.openPractice', {}).catch(fail)}>
            Open the practice workspace
          </Button>
        </Section>
      )}
      <div>
        <Button kind="primary" onClick={() => save(settings)}>
          Save settings
        </Button>
      </div>
      <p className="text-[12px] text-soft">Gatehouse {status.version}</p>
    </Page>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <section
      aria-label={title}
      className="flex flex-col items-start gap-2 rounded-lg border border-line bg-card p-4"
    >
      <h2 className="m-0 text-base font-semibold">{title}</h2>
      {children}
    </section>
  );
}
