/** An agent for the tests: the SDK's v1 client in a process of its own, so that it outlives the application. */
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { plant } from '../fakes/planted-secrets';

const program = resolve(import.meta.dirname, '../fakes/agent-process.mjs');

/** One call of many that run at the same time. */
export interface BurstCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: Record<string, unknown>;
}

export interface Agent {
  list(): Promise<string[]>;
  /** The answer as JSON text: `{ answer }`, or `{ refused }` with the reason. */
  call(name: string, args: Record<string, unknown>): Promise<string>;
  /** Starts all at once and does not wait. */
  burst(calls: readonly BurstCall[]): void;
  /** Ids of the burst whose answers have come, with their text. */
  answered(): ReadonlyMap<string, string>;
  stop(): void;
}

export function startAgent(url: string, token: string): Agent {
  plant('token of an agent', token);
  const child = spawn(process.execPath, [join(program)], {
    env: { ...process.env, AGENT_URL: url, AGENT_TOKEN: token },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const waiting: ((line: string) => void)[] = [];
  const answers = new Map<string, string>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { id }: { id?: string } = JSON.parse(line);
    if (id === undefined) waiting.shift()?.(line);
    else answers.set(id, line);
  });
  // The application may be gone, and the agent with it.
  child.stdin.on('error', () => undefined);
  const tell = (what: unknown) => child.stdin.write(`${JSON.stringify(what)}\n`);
  const ask = (what: unknown) =>
    new Promise<string>((done, failed) => {
      const gone = (code: number | null) => failed(new Error(`The agent ended with ${code}.`));
      child.once('exit', gone);
      waiting.push((line) => {
        child.off('exit', gone);
        done(line);
      });
      tell(what);
    });
  return {
    list: async () => JSON.parse(await ask('list')).answer,
    call: (name, args) => ask({ name, arguments: args }),
    burst: (calls) => calls.forEach(tell),
    answered: () => answers,
    stop: () => child.kill(),
  };
}
