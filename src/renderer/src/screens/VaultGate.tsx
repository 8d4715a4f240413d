/** What stands in front of everything while the vault is not open. */
import { type FormEvent, useState } from 'react';
import type { VaultView } from '../../../preload/contract/shapes';
import { call } from '../bridge';
import { Button, Problem } from '../parts/parts';
import { useFacts } from '../stores/facts';
import { sentenceOf } from '../words';

export function VaultGate({ vault }: { readonly vault: Exclude<VaultView, { kind: 'unlocked' }> }) {
  const [passphrase, setPassphrase] = useState('');
  const [again, setAgain] = useState('');
  const [problem, setProblem] = useState('');
  const [isBusy, setBusy] = useState(false);
  const isNew = vault.kind === 'needs_passphrase';
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (isNew && passphrase !== again) return setProblem('The two passphrases are not the same.');
    setBusy(true);
    try {
      const input = passphrase === '' ? {} : { passphrase };
      await (isNew ? call('vault.create', { passphrase }) : call('vault.unlock', input));
      useFacts.setState({ status: await call('app.status', {}) });
    } catch (error) {
      setProblem(sentenceOf(error));
    } finally {
      setBusy(false);
    }
  };
  if (vault.kind === 'unreadable') {
    return (
      <Frame title="The vault cannot be read">
        <p>{vault.why}</p>
        <p>Nothing was deleted. It was kept as {vault.keptAs}.</p>
      </Frame>
    );
  }
  return (
    <Frame title={isNew ? 'Choose a passphrase' : 'The vault is locked'}>
      <p className="text-soft">{isNew ? vault.why : 'Unlock it to go on. Agents are refused until then.'}</p>
      <form onSubmit={submit} className="flex flex-col gap-3">
        {!isNew && vault.protector.kind === 'keychain' ? null : (
          <label className="flex flex-col gap-1">
            Passphrase
            <input
              type="password"
              value={passphrase}
              onChange={(event) => setPassphrase(event.target.value)}
            />
          </label>
        )}
        {isNew ? (
          <label className="flex flex-col gap-1">
            Passphrase again
            <input type="password" value={again} onChange={(event) => setAgain(event.target.value)} />
          </label>
        ) : null}
        <Problem>{problem}</Problem>
        <Button kind="primary" submit disabled={isBusy}>
          {isNew ? 'Create vault' : 'Unlock'}
        </Button>
      </form>
    </Frame>
  );
}

function Frame({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <main className="mx-auto mt-[15vh] w-[420px] rounded-[10px] border border-line bg-card p-6">
      <h1 className="m-0 mb-2 text-xl font-semibold">{title}</h1>
      {children}
    </main>
  );
}
