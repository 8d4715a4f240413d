/** Vault, gateway, approvals, theme, practice workspace. Theme takes effect at once, numbers with Save. */
import { type ReactNode, useEffect, useState } from 'react';
import type { GatewayView, SettingsView, StatusView, VaultView } from '../../../../preload/contract/shapes';
import { call } from '../../bridge';
import { Button } from '../../parts/Button';
import { Choice, Segments } from '../../parts/Entries';
import { Page } from '../../parts/Page';
import { Problem, Skeleton } from '../../parts/Say';
import { useAsked } from '../../parts/use-asked';
import { useBusy } from '../../parts/use-busy';
import { useFacts } from '../../stores/facts';
import { tell } from '../../stores/view';
import { plural, signInWays } from '../../words';
import { ClientDocument } from './ClientDocument';
import { KeepActivity } from './KeepActivity';

export function Settings() {
  const status = useFacts((facts) => facts.status);
  const { asked, again } = useAsked('settings.show', {});
  return (
    <Page title="Settings">
      {asked.kind === 'failed' ? <Problem again={again}>{asked.problem}</Problem> : null}
      {asked.kind === 'asking' ? <Skeleton rows={5} height={72} label="Loading the settings" /> : null}
      {asked.kind === 'known' && status !== undefined ? <Form saved={asked.value} status={status} /> : null}
    </Page>
  );
}

const themes = [
  { value: 'system', label: 'System' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const;

const idleMinutes = [5, 15, 30, 60, 240];

function Form(props: { readonly saved: SettingsView; readonly status: StatusView }) {
  const { status } = props;
  const [saved, setSaved] = useState(props.saved);
  const { isBusy, problem, run } = useBusy();
  const save = (next: SettingsView) =>
    run(async () => {
      setSaved(await call('settings.save', next));
      tell('Settings saved.');
    });
  const others = useBusy();
  const idle = saved.idleLockMinutes === null ? 'never' : String(saved.idleLockMinutes);
  return (
    <div className="flex max-w-[720px] flex-col gap-3">
      <Problem>{problem === '' ? others.problem : problem}</Problem>
      <Section title="Vault">
        <Line label={vaultSentence(status.vault)}>
          <Button disabled={others.isBusy} onClick={() => void others.run(() => call('vault.lock', {}))}>
            Lock vault
          </Button>
        </Line>
        <Line label="Lock when nobody types or moves the mouse" htmlFor="idle-lock">
          <Choice
            id="idle-lock"
            label="Lock when nobody types or moves the mouse"
            className="w-[160px]"
            value={idle}
            onChange={(value) =>
              void save({ ...saved, idleLockMinutes: value === 'never' ? null : Number(value) })
            }
            options={[
              { value: 'never', label: 'Never' },
              ...[
                ...new Set([
                  ...idleMinutes,
                  ...(saved.idleLockMinutes === null ? [] : [saved.idleLockMinutes]),
                ]),
              ]
                .sort((a, b) => a - b)
                .map((minutes) => ({ value: String(minutes), label: `After ${plural(minutes, 'minute')}` })),
            ]}
          />
        </Line>
      </Section>
      <Section title="Tool Gateway">
        <Line label={gatewaySentence(status.gateway)}>
          {status.gateway.kind === 'port_taken' ? (
            <UsePort
              saved={saved}
              gateway={status.gateway}
              onSave={(next) => void save(next)}
              isBusy={isBusy}
            />
          ) : null}
        </Line>
        <NumberLine
          label="Port"
          min={1024}
          max={65535}
          value={saved.gatewayPort}
          isBusy={isBusy}
          onSave={(gatewayPort) => void save({ ...saved, gatewayPort })}
        />
        <NumberLine
          label="Most tools an agent is shown in a list; with more it searches instead"
          min={1}
          max={10_000}
          value={saved.mostListedTools}
          isBusy={isBusy}
          onSave={(mostListedTools) => void save({ ...saved, mostListedTools })}
        />
      </Section>
      <Section title="Approvals">
        <NumberLine
          label="Minutes a question waits before it is refused"
          min={1}
          max={60}
          value={saved.approvalMinutes}
          isBusy={isBusy}
          onSave={(approvalMinutes) => void save({ ...saved, approvalMinutes })}
        />
      </Section>
      <Section title="Activity">
        <Line
          label="Keep activity for. Older days are replaced by signed summaries, so that the log still verifies."
          htmlFor="keep-activity"
        >
          <KeepActivity
            value={saved.retentionDays}
            isBusy={isBusy}
            onSave={(retentionDays) => void save({ ...saved, retentionDays })}
          />
        </Line>
      </Section>
      <Section title="Appearance">
        <Line label="Theme">
          <Segments
            label="Theme"
            value={saved.theme}
            onChange={(theme) => void save({ ...saved, theme })}
            options={themes}
          />
        </Line>
      </Section>
      {status.practice ? null : (
        <Section title="Sign-in pages of vendors">
          <Line label="Where they open, unless you choose otherwise when you connect. Some providers refuse embedded windows.">
            <Segments
              label="Sign in with"
              value={saved.signInWith}
              onChange={(signInWith) => void save({ ...saved, signInWith })}
              options={signInWays}
            />
          </Line>
        </Section>
      )}
      {status.practice ? null : (
        <Section title="Custom MCP servers">
          <ClientDocument
            key={saved.clientDocumentUrl}
            value={saved.clientDocumentUrl}
            isBusy={isBusy}
            onSave={(clientDocumentUrl) => void save({ ...saved, clientDocumentUrl })}
          />
        </Section>
      )}
      {status.practice ? null : (
        <Section title="Practice workspace">
          <Line label="A profile of its own with simulated vendors and sample data. Nothing in it is real.">
            <Button
              disabled={others.isBusy}
              onClick={() => void others.run(() => call('app.openPractice', {}))}
            >
              Open the practice workspace
            </Button>
          </Line>
        </Section>
      )}
      <p className="text-small text-soft">Gatehouse {status.version}</p>
    </div>
  );
}

function vaultSentence(vault: VaultView): string {
  if (vault.kind !== 'unlocked') return 'Locked.';
  return vault.protector.kind === 'keychain'
    ? `Unlocked. Its key lies in ${vault.protector.name}.`
    : 'Unlocked. Protected by your passphrase.';
}

function gatewaySentence(gateway: GatewayView): string {
  switch (gateway.kind) {
    case 'listening':
      return `Listening on ${gateway.url}, reachable from this computer only.`;
    case 'port_taken':
      return `Port ${gateway.port} is taken by another program, so no agent can call.`;
    case 'stopped':
      return `Stopped. ${gateway.why}`;
  }
}

function UsePort(props: {
  readonly saved: SettingsView;
  readonly gateway: Extract<GatewayView, { kind: 'port_taken' }>;
  readonly onSave: (next: SettingsView) => void;
  readonly isBusy: boolean;
}) {
  const { nextFreePort } = props.gateway;
  return (
    <Button
      kind="primary"
      disabled={props.isBusy}
      onClick={() => props.onSave({ ...props.saved, gatewayPort: nextFreePort })}
    >
      {`Use ${nextFreePort}`}
    </Button>
  );
}

/** A number that is saved with its own button, and judged before it is sent. */
function NumberLine(props: {
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly value: number;
  readonly isBusy: boolean;
  readonly onSave: (value: number) => void;
}) {
  const { label, min, max, value } = props;
  const [text, setText] = useState(String(value));
  useEffect(() => setText(String(value)), [value]);
  const id = `setting-${label.replaceAll(' ', '-').toLowerCase()}`;
  const wanted = /^\d{1,6}$/.test(text.trim()) ? Number(text) : Number.NaN;
  const isRight = wanted >= min && wanted <= max;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isRight && wanted !== value) props.onSave(wanted);
      }}
    >
      <Line label={label} htmlFor={id}>
        {isRight ? null : (
          <span id={`${id}-says`} className="text-small text-bad">
            {min} to {max}
          </span>
        )}
        <input
          id={id}
          inputMode="numeric"
          maxLength={6}
          aria-invalid={!isRight}
          aria-describedby={isRight ? undefined : `${id}-says`}
          value={text}
          onChange={(event) => setText(event.target.value)}
          className="entry w-[88px] text-right"
        />
        <Button
          submit
          disabled={props.isBusy || !isRight || wanted === value}
          label={`Save ${label.toLowerCase()}`}
        >
          Save
        </Button>
      </Line>
    </form>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section aria-label={title} className="rounded-card border border-line bg-card">
      <h2 className="border-b border-line px-4 py-2.5 font-semibold">{title}</h2>
      <div className="flex flex-col px-4 py-1.5">{children}</div>
    </section>
  );
}

function Line(props: { readonly label: string; readonly htmlFor?: string; readonly children: ReactNode }) {
  return (
    <div className="flex min-h-11 flex-wrap items-center gap-x-4 gap-y-1 py-1">
      {props.htmlFor === undefined ? (
        <span className="min-w-0 flex-1 basis-52">{props.label}</span>
      ) : (
        <label htmlFor={props.htmlFor} className="min-w-0 flex-1 basis-52">
          {props.label}
        </label>
      )}
      <div className="flex items-center gap-2">{props.children}</div>
    </div>
  );
}
