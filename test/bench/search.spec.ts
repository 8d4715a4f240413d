/**
 * A key in the search box until the grid is laid out, and until it is painted, with 1,000 apps of 45 tools each. Prints one
 * JSON line of pairs in milliseconds. The wait for the display's next frame is in the second figure.
 * Run by `npm run bench -- search`; measures, and judges nothing.
 */
import { test } from '@playwright/test';
import { atWork } from '../screens/scenes';
import { openStage } from '../screens/stage';

const words = ['vault', 'ticket', 'tickte', 'backup 12', 'delete device'];
const verbs = ['list', 'get', 'create', 'update', 'delete'];
const nouns = ['ticket', 'device', 'user', 'invoice', 'backup', 'alert', 'site', 'note', 'agreement'];
const kinds = ['Desk', 'Vault', 'Backup', 'Watch', 'Ledger', 'Guard', 'Mail', 'Cloud'];
const categories = ['PSA', 'RMM', 'Security', 'Backup', 'Documentation', 'Network'];

const many = Array.from({ length: 1000 }, (_, index) => ({
  appId: `app-${index}`,
  name: `${kinds[index % kinds.length]} ${index}`,
  vendor: `Vendor ${index % 97}`,
  category: categories[index % categories.length] ?? 'PSA',
  summary: 'Tickets, devices and people of one customer',
  logo: { initials: 'AB', colour: '#0f7b6c' },
  keywords: ['msp', `keyword-${index % 211}`],
  toolNames: verbs.flatMap((verb) =>
    nouns.map((noun) => `${verb}-${noun}${index % 7 === 0 ? `-${index}` : ''}`),
  ),
}));

test('search', async () => {
  test.setTimeout(120_000);
  const stage = await openStage();
  await stage.size(1280, 800);
  await stage.play({ ...atWork, 'catalog.list': { value: many }, 'connections.list': { value: [] } });
  const box = stage.window.getByRole('searchbox', { name: 'Search integrations' });
  await box.click();
  const tookMs = await stage.window.evaluate(async (typed) => {
    const input = document.querySelector('input[type=search]');
    if (!(input instanceof HTMLInputElement)) throw new Error('There is no search box.');
    const write = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set;
    const painted = () =>
      new Promise<void>((done) => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => done();
        requestAnimationFrame(() => channel.port2.postMessage(0));
      });
    const took: [worked: number, painted: number][] = [];
    const type = async (text: string) => {
      await painted();
      const startedMs = performance.now();
      write?.call(input, text);
      input.dispatchEvent(new Event('input', { bubbles: true }));
      await Promise.resolve();
      // Reading a size makes the page lay itself out now.
      document.body.getBoundingClientRect();
      const workedMs = performance.now() - startedMs;
      await painted();
      took.push([workedMs, performance.now() - startedMs]);
    };
    for (let round = 0; round < 3; round += 1)
      for (const word of typed) {
        for (let end = 1; end <= word.length; end += 1) await type(word.slice(0, end));
        await type('');
      }
    return took;
  }, words);
  await stage.close();
  console.log(`bench ${JSON.stringify(tookMs)}`);
});
