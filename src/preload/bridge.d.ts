/**
 * The type of `window.gatehouse`, derived from the contract: a call that is not in it does not exist here.
 * Types only; the running side is index.ts.
 */
import type { CallInput, CallOutput, FeedValue } from './contract/calls';
import type { CallName, FeedName } from './contract/names';
import type { Reply } from './contract/reply';

type SubjectOf<Name extends CallName> = Name extends `${infer Subject}.${string}` ? Subject : never;
type VerbOf<Subject extends string> =
  Extract<CallName, `${Subject}.${string}`> extends infer Name
    ? Name extends `${Subject}.${infer Verb}`
      ? Verb
      : never
    : never;

/** One function of the bridge. It never rejects for a refusal: the reply says what went wrong. */
export type BridgeCall<Name extends CallName> = (input: CallInput<Name>) => Promise<Reply<CallOutput<Name>>>;

export interface Bridge {
  readonly call: {
    readonly [Subject in SubjectOf<CallName>]: {
      readonly [Verb in VerbOf<Subject>]: BridgeCall<Extract<CallName, `${Subject}.${Verb}`>>;
    };
  };
  /** Hears a feed until the answer is called. */
  on<Name extends FeedName>(feed: Name, listener: (value: FeedValue<Name>) => void): () => void;
}

declare global {
  interface Window {
    readonly gatehouse: Bridge;
  }
}
