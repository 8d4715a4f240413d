/** One field of a connect form: text, secret (shown only on demand), or a choice with room for an own address. */
import { Eye, EyeOff } from 'lucide-react';
import { useState } from 'react';
import type { FieldView } from '../../../../preload/contract/shapes';
import { Choice, Field } from '../../parts/Entries';

interface Own {
  readonly id: string;
  readonly describedBy: string | undefined;
  readonly invalid: boolean;
}

export function AppField(props: {
  readonly field: FieldView;
  readonly value: string;
  readonly wrong: string | undefined;
  readonly onChange: (value: string) => void;
}) {
  const { field } = props;
  const label = field.required ? field.label : `${field.label} (optional)`;
  return (
    <Field label={label} help={field.help} wrong={props.wrong}>
      {(own) => {
        if (field.choices !== undefined) return <Chosen {...props} own={own} choices={field.choices} />;
        if (field.secret) return <Hidden {...props} own={own} />;
        return <Text {...props} own={own} kind="text" />;
      }}
    </Field>
  );
}

function Text(props: {
  readonly own: Own;
  readonly kind: 'text' | 'password';
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  return (
    <input
      id={props.own.id}
      aria-describedby={props.own.describedBy}
      aria-invalid={props.own.invalid}
      type={props.kind}
      autoComplete="off"
      spellCheck={false}
      maxLength={8000}
      value={props.value}
      onChange={(event) => props.onChange(event.target.value)}
      className="entry w-full"
    />
  );
}

function Hidden(props: {
  readonly own: Own;
  readonly field: FieldView;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  const [isShown, setShown] = useState(false);
  const Icon = isShown ? EyeOff : Eye;
  return (
    <div className="flex gap-2">
      <Text
        own={props.own}
        kind={isShown ? 'text' : 'password'}
        value={props.value}
        onChange={props.onChange}
      />
      <button
        type="button"
        aria-pressed={isShown}
        aria-label="Show what is typed"
        aria-controls={props.own.id}
        title="Show what is typed"
        onClick={() => setShown(!isShown)}
        className="grid size-8 shrink-0 place-items-center rounded-control border border-edge bg-card hover:bg-hover"
      >
        <Icon size={15} aria-hidden="true" />
      </button>
    </div>
  );
}

const none = '';
const ownAddress = 'own address';

function Chosen(props: {
  readonly own: Own;
  readonly field: FieldView;
  readonly choices: NonNullable<FieldView['choices']>;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  const { field, choices, value } = props;
  const isListed = choices.some((choice) => choice.value === value);
  const [isOwn, setOwn] = useState(value !== '' && !isListed && field.allowCustomChoice === true);
  const options = [
    ...(isListed || isOwn ? [] : [{ value: none, label: 'Choose' }]),
    ...choices,
    ...(field.allowCustomChoice === true ? [{ value: ownAddress, label: 'Own address' }] : []),
  ];
  const choose = (chosen: string) => {
    setOwn(chosen === ownAddress);
    props.onChange(chosen === ownAddress ? '' : chosen);
  };
  return (
    <>
      <Choice
        id={props.own.id}
        label={field.label}
        describedBy={props.own.describedBy}
        invalid={props.own.invalid && !isOwn}
        value={isOwn ? ownAddress : isListed ? value : none}
        onChange={choose}
        options={options}
      />
      {isOwn ? (
        <input
          aria-label={`${field.label}, own address`}
          aria-invalid={props.own.invalid}
          placeholder="https://"
          spellCheck={false}
          maxLength={8000}
          value={value}
          onChange={(event) => props.onChange(event.target.value)}
          className="entry"
        />
      ) : null}
    </>
  );
}

/** Told as one types, once there is something to judge. Main judges again. */
export function hintOf(field: FieldView, value: string): string | undefined {
  if (value === '' || field.pattern === undefined) return undefined;
  return new RegExp(field.pattern, 'u').test(value.trim()) ? undefined : field.patternMessage;
}
