/**
 * The application's own text log on stderr. Holds events, codes and references; never arguments, answers or keys.
 */
import { randomBytes } from 'node:crypto';
import type { Log } from './ports';

export function consoleLog(): Log {
  const write = (line: object) => process.stderr.write(`${JSON.stringify(line)}\n`);
  return {
    note: (event, more) => {
      write({ at: new Date().toISOString(), event, ...more });
    },
    failure: (event, error) => {
      const ref = randomBytes(4).toString('hex');
      write({ at: new Date().toISOString(), event, ref, error: facts(error) });
      return ref;
    },
  };
}

/** Name, code and the places in our code; the message of a foreign error may hold data and stays out. */
function facts(error: unknown): object {
  if (!(error instanceof Error)) return { kind: typeof error };
  const places = (error.stack ?? '')
    .split('\n')
    .filter((line) => line.trim().startsWith('at '))
    .slice(0, 8);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return { name: error.name, code, places: places.map((line) => line.trim()) };
}
