/** Where the organisation publishes who Gatehouse is to authorization servers, and what has to stand there. */
import { useState } from 'react';
import { handRedirect } from '../../../../preload/contract/redirect';
import { Button } from '../../parts/Button';
import { Code } from '../../parts/Code';
import { useCopy } from '../../parts/CopyLine';
import { Field } from '../../parts/Entries';

export function ClientDocument(props: {
  readonly value: string;
  readonly isBusy: boolean;
  readonly onSave: (url: string) => void;
}) {
  const { value, isBusy } = props;
  const [url, setUrl] = useState(value);
  const { said, copy } = useCopy();
  const document = documentFor(url.trim());
  return (
    <form
      className="flex flex-col gap-3 py-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (url.trim() !== value) props.onSave(url.trim());
      }}
    >
      <Field
        label="Client ID metadata document"
        help="Where your organisation publishes who Gatehouse is. Servers that read such documents need no registration then. May be left empty."
      >
        {(own) => (
          <div className="flex gap-2">
            <input
              id={own.id}
              aria-describedby={own.describedBy}
              placeholder="https://"
              spellCheck={false}
              maxLength={2000}
              value={url}
              onChange={(event) => setUrl(event.target.value)}
              className="entry min-w-0 flex-1"
            />
            <Button submit disabled={isBusy || url.trim() === value} label="Save client ID metadata document">
              Save
            </Button>
          </div>
        )}
      </Field>
      {url.trim() === '' ? null : (
        <>
          <div className="flex items-center gap-3">
            <p className="text-soft">This has to stand there:</p>
            <Button size="small" label="Copy the document" onClick={() => copy(document, 'Document')}>
              Copy
            </Button>
            <p role="status" className="text-small text-good empty:hidden">
              {said}
            </p>
          </div>
          <Code label="Document to publish">{document}</Code>
        </>
      )}
    </form>
  );
}

/** @see https://modelcontextprotocol.io/specification/2025-11-25/basic/authorization (client ID metadata documents) */
function documentFor(url: string): string {
  const { host, port, path } = handRedirect;
  return JSON.stringify(
    {
      client_id: url,
      client_name: 'Gatehouse',
      redirect_uris: [`http://${host}:${port}${path}`, `http://${host}${path}`],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
      application_type: 'native',
    },
    null,
    2,
  );
}
