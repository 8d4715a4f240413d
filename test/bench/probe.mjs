/**
 * Our probe in a running process against the SDK's clients, over TLS: on loopback, at servers that think a while before each answer,
 * and at the end of a line. Every probe begins without a connection. The base is the fastest of the SDK's clients, even where it finds
 * out less than the probe: only v2's `auto` mode learns as well which of the two protocols a server speaks.
 */
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { build as built, root } from '../../tools/steps/place.mjs';
import { judged, median, ratios } from './figures.mjs';

const goal = 0.8;

/** @param {{ latencyMs?: number, rounds?: number }} options */
export async function probe({ latencyMs = 50, rounds = 60 } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
  const bundles = join(built, 'bench');
  await bundle(bundles);
  const servers = fork(join(bundles, 'servers.js'), [latencyMs, latencyMs].map(String));
  const ended = new Promise((done) => servers.once('exit', done));
  let work;
  try {
    const { caPem, servers: places } = await told(servers);
    const caFile = join(folder, 'ca.pem');
    writeFileSync(caFile, caPem);
    // Trusted as an authority of the system is, so that both sides do the same certificate work.
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: caFile };
    work = fork(join(root, 'test/fakes/probe-clients-process.mjs'), [bundles], { env });
    const measure = async (kind, port, times) => {
      work.send({ url: `https://127.0.0.1:${port}/mcp`, rounds: times, isLocked: kind.includes('OAuth') });
      for (;;) {
        const said = await told(work);
        if (said.failed !== undefined) throw new Error(`${kind}: ${said.failed}`);
        if (said.done !== undefined) return said.done;
        // The requests of one way, in one round: asked for when the goodbyes are over.
        servers.send('take');
        work.send(await told(servers));
      }
    };
    const rows = [];
    const few = Math.max(3, Math.round(rounds / 5));
    rows.push(...(await table('on loopback', 'near', places, (...one) => measure(...one, rounds))));
    if (latencyMs > 0) {
      const think = `server thinks ${latencyMs} ms`;
      rows.push(...(await table(think, 'thinking', places, (...one) => measure(...one, few))));
      const line = `${latencyMs} ms line`;
      rows.push(...(await table(line, 'far', places, (...one) => measure(...one, few))));
    }
    return rows;
  } finally {
    for (const child of [work, servers]) if (child?.connected) child.disconnect();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}

async function table(where, place, places, measure) {
  const rows = [];
  const lines = [];
  for (const [kind, ports] of Object.entries(places)) {
    const found = await measure(kind, ports[place]);
    const names = Object.keys(found).filter((name) => name !== 'ours');
    const [base] = names.sort((one, other) => median(found[one].tookMs) - median(found[other].tookMs));
    const values = ratios(found.ours.tookMs, found[base].tookMs);
    const row = judged({ what: `probe ÷ SDK client, ${where}: ${kind}`, values, goal });
    rows.push(row);
    const ms = (name) => median(found[name].tookMs).toFixed(1);
    const both = (what) => `${found.ours[what]} / ${found[base][what]}`;
    const all = names.map((name) => `${name} ${ms(name)} (${found[name].requests})`).join(', ');
    const cells = [kind, ms('ours'), ms(base), row.figure, both('requests'), both('dials')];
    lines.push(`| ${[...cells, `≤ ${goal}`, row.holds, all].join(' | ')} |`);
  }
  const heads = [
    'server',
    'probe ms',
    'SDK ms',
    'ratio',
    'requests probe / SDK',
    'connections probe / SDK',
    'goal',
    '',
  ];
  console.log(`\nProbe, ${where}; p50\n\n| ${[...heads, 'SDK clients: ms (requests)'].join(' | ')} |`);
  console.log(`|${' --- |'.repeat(heads.length + 1)}`);
  for (const line of lines) console.log(line);
  return rows;
}

/** The probe as it is bundled for the app; the servers as the tests have them. */
async function bundle(outDir) {
  const quiet = { root, logLevel: 'silent', configFile: false };
  const output = { entryFileNames: '[name].js' };
  const ours = {
    probe: 'src/main/mcp/probe/probe.ts',
    'http-out': 'src/main/network/http-out.node.ts',
    'public-address': 'src/main/network/public-address.ts',
  };
  await build({
    ...quiet,
    ssr: { noExternal: true },
    build: { ssr: true, target: 'node20', outDir, rollupOptions: { input: ours, output } },
  });
  const servers = { servers: 'test/fakes/probe-servers-process.ts' };
  await build({
    ...quiet,
    build: {
      ssr: true,
      target: 'node20',
      emptyOutDir: false,
      outDir,
      rollupOptions: { input: servers, output },
    },
  });
}

function told(child) {
  return new Promise((resolve, reject) => {
    const gone = (code) => reject(new Error(`A process of the measurement ended with ${code}.`));
    child.once('exit', gone);
    child.once('message', (message) => {
      child.off('exit', gone);
      resolve(message);
    });
  });
}
