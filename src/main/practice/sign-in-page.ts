/**
 * The sign-in page of a simulated vendor: who asks for what, and two buttons. Looks like no real vendor's page, on purpose, and
 * asks for no password.
 */
export type SignInPage =
  | {
      readonly kind: 'ask';
      readonly app: string;
      readonly person: string;
      readonly scopes: readonly string[];
    }
  | { readonly kind: 'failed'; readonly app: string; readonly why: string };

/** A whole HTML page; runs no code. */
export function signInPage(page: SignInPage): string {
  const title = `Practice sign-in for ${escaped(page.app)}`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>
  body { font: 15px/1.5 system-ui, sans-serif; margin: 0; display: grid; place-items: center; min-height: 100vh; }
  main { width: min(26rem, calc(100vw - 3rem)); }
  h1 { font-size: 1.25rem; margin: 0 0 .5rem; }
  ul { padding-left: 1.25rem; max-height: 11rem; overflow: auto; }
  form { display: flex; gap: .5rem; margin-top: 1.25rem; }
  button { font: inherit; padding: .45rem 1rem; border-radius: .4rem; border: 1px solid GrayText; }
  button[value="sign in"] { background: #1d4ed8; border-color: #1d4ed8; color: #fff; }
</style>
<main>
<h1>${title}</h1>
${page.kind === 'ask' ? question(page) : `<p role="alert">${escaped(page.why)}</p>`}
</main>
</html>
`;
}

function question({ person, scopes }: Extract<SignInPage, { kind: 'ask' }>): string {
  return `<p>Gatehouse asks for access as <strong>${escaped(person)}</strong>. Nothing leaves this computer.</p>
<ul tabindex="0" aria-label="Access asked for">${scopes.map((scope) => `<li>${escaped(scope)}</li>`).join('')}</ul>
<form method="post">
<button name="answer" value="sign in">Sign in</button>
<button name="answer" value="deny">Deny</button>
</form>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.codePointAt(0)};`);
}
