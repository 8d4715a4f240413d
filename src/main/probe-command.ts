/**
 * `npm run probe`: the probe of the Add MCP Server wizard without a window. Prints what was found and every request, as sentences
 * or as JSON; ends with 0 when there is a server, with 1 when there is none, with 2 when it was asked wrongly.
 */
import { parseArgs } from 'node:util';
import { Fault } from '../preload/contract/reply';
import { describeProbe } from './mcp/probe/describe';
import { probe } from './mcp/probe/probe';
import { createHttpOut, environmentProxy } from './network/http-out.node';
import { checkAddress } from './network/public-address';

const usage = 'npm run probe -- [--json] [--allow-loopback] URL';

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      'allow-loopback': { type: 'boolean', default: false },
    },
  });
  const [address, ...others] = positionals;
  if (address === undefined || others.length > 0)
    throw new Fault('flag_refused', `Say which one address to probe: ${usage}`);
  const allowLoopback = values['allow-loopback'];
  const http = createHttpOut({ allowLoopback, proxy: environmentProxy(process.env) });
  const stopped = new AbortController();
  process.once('SIGINT', () => stopped.abort());
  const goodbyes: Promise<void>[] = [];
  try {
    const result = await probe(
      address,
      {
        http,
        nowMs: () => performance.now(),
        version: 'probe',
        checkAddress: (text) => checkAddress(text, allowLoopback ? 'this computer too' : 'public'),
        takenNames: [],
        afterwards: (work) => goodbyes.push(work),
      },
      stopped.signal,
    );
    process.stdout.write(`${values.json ? JSON.stringify(result, null, 2) : describeProbe(result)}\n`);
    await Promise.all(goodbyes);
    return result.kind === 'server' ? 0 : 1;
  } finally {
    await http.close();
  }
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : 'The probe broke off.'}\n`);
    process.exitCode = 2;
  },
);
