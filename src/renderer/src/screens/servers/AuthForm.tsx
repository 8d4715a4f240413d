/** How one signs in at a custom server: what the probe found is chosen first, and everything else can be chosen instead. */
import { Plus, X } from 'lucide-react';
import type { ProbeView } from '../../../../preload/contract/server-shapes';
import type { SignInWay } from '../../../../preload/contract/shapes';
import { Button } from '../../parts/Button';
import { CopyLine } from '../../parts/CopyLine';
import { Field, Segments } from '../../parts/Entries';
import { authLabel, signInWays } from '../../words';
import { AppField } from '../connect/AppField';
import { type HeaderRow, type ServerForm, withHeader } from './server-form';

export type FoundServerView = Extract<ProbeView['found'], { kind: 'server' }>;

interface AuthFormProps {
  readonly found: FoundServerView;
  readonly form: ServerForm;
  /** What is wrong, by the field. */
  readonly wrong: ReadonlyMap<string, string>;
  readonly signInWith: SignInWay;
  readonly onForm: (form: ServerForm) => void;
  readonly onSignInWith: (way: SignInWay) => void;
}

const kinds = ['oauth', 'bearer', 'headers', 'none'] as const;

export function AuthForm(props: AuthFormProps) {
  const { found, form, onForm } = props;
  const isOverridden = form.kind !== found.auth;
  return (
    <>
      <Field
        label="Authentication"
        help={isOverridden ? `The probe found another one: ${authLabel[found.auth]}.` : found.sentence}
      >
        {() => (
          <Segments
            label="Authentication"
            value={form.kind}
            onChange={(kind) => onForm({ ...form, kind })}
            options={kinds.map((value) => ({ value, label: authLabel[value] }))}
          />
        )}
      </Field>
      {form.kind === 'bearer' ? (
        <Secret
          name="token"
          label="Bearer token"
          help="Kept in the vault, and sent to this server only."
          {...props}
          value={form.token}
          onChange={(token) => onForm({ ...form, token })}
        />
      ) : null}
      {form.kind === 'headers' ? <Headers {...props} /> : null}
      {form.kind === 'oauth' ? <OAuth {...props} /> : null}
    </>
  );
}

function Secret(props: {
  readonly name: string;
  readonly label: string;
  readonly help: string;
  readonly optional?: boolean;
  readonly wrong: ReadonlyMap<string, string>;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  const { name, label, help } = props;
  return (
    <AppField
      field={{ name, label, help, secret: true, required: props.optional !== true }}
      value={props.value}
      wrong={props.wrong.get(name)}
      onChange={props.onChange}
    />
  );
}

function Headers({ form, wrong, onForm }: AuthFormProps) {
  const change = (key: number, typed: Partial<HeaderRow>) =>
    onForm({ ...form, headers: form.headers.map((row) => (row.key === key ? { ...row, ...typed } : row)) });
  const remove = (key: number) => onForm({ ...form, headers: form.headers.filter((row) => row.key !== key) });
  return (
    <fieldset className="m-0 flex flex-col gap-3 border-0 p-0">
      <legend className="sr-only">Headers</legend>
      {form.headers.map((row, index) => (
        <div key={row.key} className="flex items-start gap-2">
          <div className="w-[38%] shrink-0">
            <AppField
              field={{ name: 'name', label: `Header ${index + 1}`, help: '', secret: false, required: true }}
              value={row.name}
              wrong={wrong.get(`headers.${index}.name`)}
              onChange={(name) => change(row.key, { name })}
            />
          </div>
          <div className="min-w-0 flex-1">
            <AppField
              field={{ name: 'value', label: `Value ${index + 1}`, help: '', secret: true, required: true }}
              value={row.value}
              wrong={wrong.get(`headers.${index}.value`)}
              onChange={(value) => change(row.key, { value })}
            />
          </div>
          {form.headers.length === 1 ? null : (
            <button
              type="button"
              aria-label={`Remove header ${index + 1}`}
              title={`Remove header ${index + 1}`}
              onClick={() => remove(row.key)}
              className="mt-[23px] grid size-8 shrink-0 place-items-center rounded-control border border-transparent hover:bg-hover"
            >
              <X size={15} aria-hidden="true" />
            </button>
          )}
        </div>
      ))}
      <div className="flex items-center gap-3">
        <Button size="small" disabled={form.headers.length >= 10} onClick={() => onForm(withHeader(form))}>
          <Plus size={13} aria-hidden="true" /> Add header
        </Button>
        <p className="text-small text-soft">Values are kept in the vault, and sent to this server only.</p>
      </div>
    </fieldset>
  );
}

function OAuth(props: AuthFormProps) {
  const { found, form, wrong, onForm } = props;
  const { oauth } = found;
  if (oauth === null)
    return (
      <p className="rounded-control bg-warn-tint px-3 py-2 text-warn">
        The probe found no place to sign in, so OAuth cannot be used here. The probe report says what was
        asked.
      </p>
    );
  return (
    <>
      {oauth.needsClientId ? (
        <p>
          {oauth.issuer} lets no application register itself. Register Gatehouse there as a native application
          with this redirect URI, and type the client ID that you get.
        </p>
      ) : null}
      {oauth.needsClientId || form.clientId !== '' ? (
        <CopyLine label="Redirect URI" value={oauth.redirectUri} help="Register exactly this address." />
      ) : null}
      <AppField
        field={{
          name: 'clientId',
          label: 'OAuth client ID',
          help: oauth.needsClientId ? '' : 'Left empty, Gatehouse registers itself.',
          secret: false,
          required: oauth.needsClientId,
        }}
        value={form.clientId}
        wrong={wrong.get('clientId')}
        onChange={(clientId) => onForm({ ...form, clientId })}
      />
      {oauth.needsClientId || form.clientId !== '' ? (
        <Secret
          name="clientSecret"
          label="OAuth client secret"
          help="Only where you were given one."
          optional
          wrong={wrong}
          value={form.clientSecret}
          onChange={(clientSecret) => onForm({ ...form, clientSecret })}
        />
      ) : null}
      {oauth.pkceOffered ? null : (
        <label className="flex items-start gap-2 rounded-control bg-warn-tint px-3 py-2">
          <input
            type="checkbox"
            className="mt-[3px] shrink-0"
            checked={form.allowWithoutPkce}
            onChange={(event) => onForm({ ...form, allowWithoutPkce: event.target.checked })}
          />
          <span>
            <span className="font-medium">Allow the sign-in although PKCE is not offered</span>
            <span className="block text-small">
              {oauth.issuer} does not say that it supports PKCE, which keeps a sign-in from being stolen on
              its way. Some large providers do and leave it out. This holds for this server only, is shown as
              a badge and written down.
            </span>
          </span>
        </label>
      )}
      <Field label="Sign in with" help="The same sign-in page; some providers refuse embedded windows.">
        {() => (
          <Segments
            label="Sign in with"
            value={props.signInWith}
            onChange={props.onSignInWith}
            options={signInWays}
          />
        )}
      </Field>
    </>
  );
}
