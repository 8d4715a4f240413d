/**
 * One question to main and its newest answer. A slower answer to an older question never replaces a newer one; while a
 * question is asked again the last answer stays, so that nothing flickers.
 */
import { useCallback, useEffect, useState } from 'react';
import type { CallInput, CallOutput } from '../../../preload/contract/calls';
import type { CallName } from '../../../preload/contract/names';
import { call } from '../bridge';
import { sentenceOf } from '../words';

export type Asked<Value> =
  | { readonly kind: 'asking' }
  | { readonly kind: 'failed'; readonly problem: string }
  | { readonly kind: 'known'; readonly value: Value };

/** @param freshness Asked again whenever this changes, for example the number of the newest record. */
export function useAsked<Name extends CallName>(
  name: Name,
  input: CallInput<Name>,
  freshness: string | number = '',
): { readonly asked: Asked<CallOutput<Name>>; readonly again: () => void } {
  const [asked, setAsked] = useState<Asked<CallOutput<Name>>>({ kind: 'asking' });
  const [round, setRound] = useState(0);
  const key = JSON.stringify(input);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the input; round and freshness ask again.
  useEffect(() => {
    let isWanted = true;
    call(name, input).then(
      (value) => isWanted && setAsked({ kind: 'known', value }),
      (error: unknown) => isWanted && setAsked({ kind: 'failed', problem: sentenceOf(error) }),
    );
    return () => {
      isWanted = false;
    };
  }, [name, key, round, freshness]);
  const again = useCallback(() => setRound((before) => before + 1), []);
  return { asked, again };
}
