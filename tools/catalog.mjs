/**
 * `npm run catalog`: prints what each app of the catalog covers: tools by access, vendor rules, masked fields, arguments without
 * an example, and whether it is proven by a table of requests, a simulated vendor and a row of the end-to-end test.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDependencies } from './steps/install.mjs';
import { continueOnOwnNode } from './steps/node.mjs';
import { root } from './steps/place.mjs';
import { runTool } from './steps/say.mjs';

await runTool(async () => {
  await ensureDependencies();
  const elsewhere = await continueOnOwnNode();
  if (elsewhere !== undefined) return elsewhere;
  const { parse } = await import('yaml');
  const folder = join(root, 'resources', 'catalog');
  const rows = readdirSync(folder)
    .sort()
    .map((file) => coverage(parse(readFileSync(join(folder, file), 'utf8'))));
  const heads = Object.keys(rows[0] ?? {});
  const line = (cells) => `| ${cells.join(' | ')} |`;
  console.log(
    [line(heads), line(heads.map(() => '---')), ...rows.map((row) => line(Object.values(row)))].join('\n'),
  );
  const sum = rows.reduce((all, row) => all + row.tools, 0);
  console.log(`\n${rows.length} apps, ${sum} tools.`);
  return rows.every((row) => row['no example'] === 0 && row.answers === row.tools) ? 0 : 1;
});

function coverage(app) {
  const { id, tools } = app;
  const count = (test) => tools.filter(test).length;
  const samples = join(root, 'resources', 'practice', `${id}.json`);
  const answers = existsSync(samples) ? Object.keys(JSON.parse(readFileSync(samples, 'utf8')).answers) : [];
  const has = (...place) => (existsSync(join(root, ...place)) ? 'yes' : 'no');
  return {
    app: app.name,
    'signs in by': app.auth.kind,
    tools: tools.length,
    read: count((tool) => tool.access === 'read'),
    write: count((tool) => tool.access === 'write'),
    destructive: count((tool) => tool.access === 'destructive'),
    'vendor rules': count((tool) => tool.policy !== undefined),
    masks: count((tool) => (tool.reveals ?? []).length > 0),
    unconfirmed: count((tool) => tool.unconfirmed === true),
    'no example': tools.flatMap((tool) =>
      Object.values(tool.input.properties ?? {}).filter((schema) => !Array.isArray(schema.examples)),
    ).length,
    answers: answers.filter((name) => tools.some((tool) => tool.name === name)).length,
    requests: has('test', 'unit', 'catalog', id === 'connectwise-psa' ? 'requests.test.ts' : `${id}.test.ts`),
    'end to end': has('test', 'e2e', 'rows', `${id}.json`),
  };
}
