/** One line of text to carry elsewhere, with a button that copies it and says whether that worked. */
import { Copy } from 'lucide-react';
import { useState } from 'react';
import { Button } from './Button';
import { Field } from './Entries';

export function CopyLine(props: { readonly label: string; readonly value: string; readonly help?: string }) {
  const { said, copy } = useCopy();
  return (
    <div className="flex flex-col gap-1">
      <Field label={props.label} {...(props.help === undefined ? {} : { help: props.help })}>
        {(own) => (
          <div className="flex gap-2">
            <input
              id={own.id}
              aria-describedby={own.describedBy}
              readOnly
              value={props.value}
              className="entry mono min-w-0 flex-1"
            />
            <Button label={`Copy ${props.label}`} onClick={() => copy(props.value, props.label)}>
              <Copy size={13} aria-hidden="true" /> Copy
            </Button>
          </div>
        )}
      </Field>
      <p role="status" className="text-small text-good empty:hidden">
        {said}
      </p>
    </div>
  );
}

export function useCopy() {
  const [said, setSaid] = useState('');
  const copy = (text: string, what: string) =>
    void navigator.clipboard.writeText(text).then(
      () => setSaid(`${what} copied.`),
      () => setSaid('Copying failed. Select the text and copy it by hand.'),
    );
  return { said, copy };
}
