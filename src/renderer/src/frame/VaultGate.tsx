/** What stands in front of everything while the vault is not open. */
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import type { VaultView } from '../../../preload/contract/shapes';
import { call } from '../bridge';
import { Button } from '../parts/Button';
import { Field } from '../parts/Entries';
import { Problem } from '../parts/Say';
import { useBusy } from '../parts/use-busy';
import { useFacts } from '../stores/facts';

type Closed = Exclude<VaultView, { kind: 'unlocked' }>;

export function VaultGate({ vault }: { readonly vault: Closed }) {
  switch (vault.kind) {
    case 'unreadable':
      return (
        <Frame title="The vault cannot be read">
          <p className="[overflow-wrap:anywhere]">{vault.why}</p>
          <p className="[overflow-wrap:anywhere]">Nothing was deleted. It was kept as {vault.keptAs}.</p>
        </Frame>
      );
    case 'needs_passphrase':
      return <NewPassphrase why={vault.why} />;
    case 'locked':
      return <Locked vault={vault} />;
  }
}

const shortestPassphrase = 12;

function NewPassphrase({ why }: { readonly why: string }) {
  const [passphrase, setPassphrase] = useState('');
  const [again, setAgain] = useState('');
  const { isBusy, problem, run, setProblem } = useBusy();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (passphrase !== again) setProblem('The two passphrases are not the same.');
    else void run(() => call('vault.create', { passphrase }).then(askStatus));
  };
  const left = shortestPassphrase - [...passphrase].length;
  return (
    <Frame title="Choose a passphrase">
      <p className="text-soft">
        Gatehouse keeps its key in the keychain of the system, or protects the vault with a passphrase where
        there is none. {why}
      </p>
      <form onSubmit={submit} className="flex flex-col gap-3">
        <Field
          label="Passphrase"
          help={
            passphrase === ''
              ? `At least ${shortestPassphrase} characters. It cannot be recovered: without it the vault stays closed.`
              : left > 0
                ? `${left} more.`
                : 'Long enough. It cannot be recovered: keep it in a safe place.'
          }
        >
          {(own) => <Secret own={own} value={passphrase} onChange={setPassphrase} isNew isFirst />}
        </Field>
        <Field label="Passphrase again">
          {(own) => <Secret own={own} value={again} onChange={setAgain} isNew />}
        </Field>
        <Problem>{problem}</Problem>
        <Button kind="primary" submit disabled={isBusy}>
          {isBusy ? 'Creating the vault' : 'Create vault'}
        </Button>
      </form>
    </Frame>
  );
}

function Locked({ vault }: { readonly vault: Extract<Closed, { kind: 'locked' }> }) {
  const [passphrase, setPassphrase] = useState('');
  const { isBusy, problem, run } = useBusy();
  const isByPassphrase = vault.protector.kind === 'passphrase';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void run(() => call('vault.unlock', isByPassphrase ? { passphrase } : {}).then(askStatus));
  };
  return (
    <Frame title="The vault is locked">
      <p className="text-soft">
        {vault.why === undefined ? '' : `${vault.why} `}Unlock it to go on. Agents are refused until then.
      </p>
      <form onSubmit={submit} className="flex flex-col gap-3">
        {isByPassphrase ? (
          <Field label="Passphrase">
            {(own) => <Secret own={own} value={passphrase} onChange={setPassphrase} isFirst />}
          </Field>
        ) : null}
        <Problem>{problem}</Problem>
        <Button kind="primary" submit disabled={isBusy}>
          {isBusy ? 'Unlocking' : 'Unlock'}
        </Button>
      </form>
    </Frame>
  );
}

function Secret(props: {
  readonly own: { readonly id: string; readonly describedBy: string | undefined };
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly isNew?: boolean;
  /** Has the focus at once: nothing else can be done here. */
  readonly isFirst?: boolean;
}) {
  const input = useRef<HTMLInputElement>(null);
  const isFirst = props.isFirst === true;
  useEffect(() => {
    if (isFirst) input.current?.focus();
  }, [isFirst]);
  return (
    <input
      ref={input}
      id={props.own.id}
      aria-describedby={props.own.describedBy}
      type="password"
      autoComplete={props.isNew === true ? 'new-password' : 'current-password'}
      maxLength={1000}
      value={props.value}
      onChange={(event) => props.onChange(event.target.value)}
      className="entry"
    />
  );
}

async function askStatus(): Promise<void> {
  useFacts.setState({ status: await call('app.status', {}) });
}

function Frame({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <main className="flex min-h-0 flex-1 items-start justify-center overflow-auto p-6 pt-[12vh]">
      <div className="flex w-[440px] max-w-full flex-col gap-3 rounded-dialog border border-line bg-card p-6">
        <h1 className="text-title font-semibold">{title}</h1>
        {children}
      </div>
    </main>
  );
}
