/** What one types into and chooses from: search, one of few (segments), one of many (choice), a field with its help. */
import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';
import { ChevronDown, Search } from 'lucide-react';
import { type ReactNode, useId } from 'react';

export function SearchBox(props: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly wide?: boolean;
}) {
  return (
    <div className={`relative ${props.wide === true ? 'w-60' : 'w-44'}`}>
      <Search size={14} aria-hidden="true" className="absolute top-[9px] left-[9px] text-soft" />
      <input
        type="search"
        aria-label={props.label}
        placeholder={props.label}
        maxLength={200}
        value={props.value}
        onChange={(event) => props.onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && props.value !== '') {
            event.stopPropagation();
            props.onChange('');
          }
        }}
        className="entry w-full !pl-[30px]"
      />
    </div>
  );
}

/** A radio group that looks like a row of words, each with its count. */
export function Segments<Value extends string>(props: {
  readonly label: string;
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly options: readonly { readonly value: Value; readonly label: string; readonly count?: number }[];
}) {
  return (
    <RadioGroup<Value>
      aria-label={props.label}
      value={props.value}
      onValueChange={(value) => props.onChange(value)}
      className="flex min-w-0 flex-wrap items-center gap-0.5"
    >
      {props.options.map((option) => (
        <Radio.Root
          key={option.value}
          value={option.value}
          className="inline-flex h-8 cursor-default items-center gap-1.5 rounded-control border border-transparent px-2.5 whitespace-nowrap text-soft hover:bg-hover data-[checked]:border-edge data-[checked]:bg-card data-[checked]:font-semibold data-[checked]:text-ink"
        >
          {option.label}
          {option.count === undefined ? null : (
            <span className="font-normal text-soft">{option.count.toLocaleString('en-GB')}</span>
          )}
        </Radio.Root>
      ))}
    </RadioGroup>
  );
}

/** One of many, by the system's own list: opens by keyboard, finds by typing. `dot` colours what is chosen. */
export function Choice<Value extends string>(props: {
  readonly label: string;
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly dot?: string | undefined;
  readonly id?: string;
  readonly className?: string;
  readonly small?: boolean;
  readonly describedBy?: string | undefined;
  readonly invalid?: boolean;
}) {
  const height = props.small === true ? '!h-7' : '';
  return (
    <div className={`relative inline-flex ${props.className ?? ''}`}>
      {props.dot === undefined ? null : (
        <span
          aria-hidden="true"
          className={`pointer-events-none absolute top-1/2 left-[9px] size-2 -translate-y-1/2 rounded-full ${props.dot}`}
        />
      )}
      <select
        id={props.id}
        aria-label={props.id === undefined ? props.label : undefined}
        aria-describedby={props.describedBy}
        aria-invalid={props.invalid === true ? true : undefined}
        value={props.value}
        onChange={(event) => {
          const chosen = props.options.find((option) => option.value === event.target.value);
          if (chosen !== undefined) props.onChange(chosen.value);
        }}
        className={`entry w-full ${height} ${props.dot === undefined ? '' : '!pl-[24px]'}`}
      >
        {props.options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <ChevronDown
        size={14}
        aria-hidden="true"
        className="pointer-events-none absolute top-1/2 right-2 -translate-y-1/2 text-soft"
      />
    </div>
  );
}

/** A label above, help or what is wrong below; both are read out with the control. */
export function Field(props: {
  readonly label: string;
  readonly help?: string;
  readonly wrong?: string | undefined;
  readonly children: (own: {
    readonly id: string;
    readonly describedBy: string | undefined;
    readonly invalid: boolean;
  }) => ReactNode;
}) {
  const id = useId();
  const isWrong = props.wrong !== undefined && props.wrong !== '';
  const text = isWrong ? props.wrong : props.help;
  const says = text === undefined || text === '' ? undefined : `${id}-says`;
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className="font-medium">
        {props.label}
      </label>
      {props.children({ id, describedBy: says, invalid: isWrong })}
      {says === undefined ? null : (
        <p id={says} className={`text-small ${isWrong ? 'text-bad' : 'text-soft'}`}>
          {text}
        </p>
      )}
    </div>
  );
}

/** One line of text in a field. */
export function TextField(props: {
  readonly label: string;
  readonly help?: string;
  readonly placeholder?: string;
  readonly wrong: string | undefined;
  readonly maxLength: number;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  const { label, help, wrong } = props;
  return (
    <Field label={label} {...(help === undefined ? {} : { help })} wrong={wrong}>
      {(own) => (
        <input
          id={own.id}
          aria-describedby={own.describedBy}
          aria-invalid={own.invalid}
          placeholder={props.placeholder}
          autoComplete="off"
          spellCheck={false}
          maxLength={props.maxLength}
          value={props.value}
          onChange={(event) => props.onChange(event.target.value)}
          className="entry"
        />
      )}
    </Field>
  );
}
