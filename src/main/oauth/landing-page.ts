/** What the browser shows where a sign-in comes back to. Static, runs no code, repeats nothing of what it was asked. */
const sentences = {
  completed: 'Gatehouse has what it needs. You can close this page.',
  'not completed': 'The sign-in was not completed. Gatehouse says why; you can close this page.',
  'not ours': 'This answer does not belong to a sign-in that Gatehouse waits for.',
  'nothing here': 'There is nothing here.',
} as const;

export function landingPage(kind: keyof typeof sentences): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>Gatehouse</title>
<style>body { font: 16px/1.5 system-ui, sans-serif; display: grid; place-items: center; min-height: 100vh; margin: 0; }</style>
<p role="status">${sentences[kind]}</p>
</html>
`;
}
