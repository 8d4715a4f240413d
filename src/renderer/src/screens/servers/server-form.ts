/** What is typed about the sign-in at a custom server, and what of it is sent. Pure. */
import type { CallInput } from '../../../../preload/contract/calls';
import type { ServerAuth } from '../../../../preload/contract/server-shapes';

export interface HeaderRow {
  /** Keeps the row's entries apart while rows come and go. */
  readonly key: number;
  readonly name: string;
  readonly value: string;
}

/** All of it stays while one changes from one kind to another, or goes back. */
export interface ServerForm {
  readonly kind: ServerAuth;
  readonly token: string;
  readonly headers: readonly HeaderRow[];
  readonly clientId: string;
  readonly clientSecret: string;
  readonly allowWithoutPkce: boolean;
}

export const emptyServerForm: ServerForm = {
  kind: 'none',
  token: '',
  headers: [{ key: 0, name: '', value: '' }],
  clientId: '',
  clientSecret: '',
  allowWithoutPkce: false,
};

export function choiceOf(form: ServerForm): CallInput<'servers.connect'>['choice'] {
  switch (form.kind) {
    case 'none':
      return { kind: 'none' };
    case 'bearer':
      return { kind: 'bearer', token: form.token };
    case 'headers':
      return { kind: 'headers', headers: form.headers.map(({ name, value }) => ({ name, value })) };
    case 'oauth': {
      const { clientId, clientSecret, allowWithoutPkce } = form;
      return { kind: 'oauth', clientId, clientSecret, allowWithoutPkce };
    }
  }
}

export function withHeader(form: ServerForm): ServerForm {
  const key = Math.max(-1, ...form.headers.map((row) => row.key)) + 1;
  return { ...form, headers: [...form.headers, { key, name: '', value: '' }] };
}
