/**
 * Opens the built application for a test: a userData folder of its own, the runtime that the set-up found, and nothing
 * from the person's own profile. Refuses to start what has not been set up.
 */
import { createWriteStream, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';

const root = resolve(import.meta.dirname, '../..');

/** An open application and the folder it keeps its data in. */
export interface Opened {
  readonly app: ElectronApplication;
  readonly window: Page;
  /** Deleted by `close`. Hand it to a second `launch` before that to see what survives a restart. */
  readonly userData: string;
  /** Closes the application and, unless `keepData`, deletes its folder. `npm test` keeps them all, to search them. */
  close(options?: { readonly keepData?: boolean }): Promise<void>;
}

/** What a test may choose. */
export interface LaunchOptions {
  /** Arguments for the application, for example `--practice`. */
  readonly args?: readonly string[];
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** A folder from an earlier launch; a fresh one when left out. */
  readonly userData?: string;
}

/** Starts the application and waits for its first window. */
export async function launch(options: LaunchOptions = {}): Promise<Opened> {
  const userData = options.userData ?? freshFolder('gatehouse-e2e-');
  const app = await _electron.launch({
    executablePath: runtimeExecutable(),
    args: [...chromiumArguments(), root, `--user-data-dir=${userData}`, ...(options.args ?? [])],
    cwd: root,
    env: { ...ownEnvironment(), ...options.env },
    timeout: 30_000,
  });
  keepOutput(app, `${userData}.output`);
  const window = await app.firstWindow({ timeout: 30_000 });
  return {
    app,
    window,
    userData,
    close: async ({ keepData = false } = {}) => {
      await app.close();
      if (!keepData) discard(userData);
    },
  };
}

/** An empty folder for what a program keeps; below GATEHOUSE_TEST_DATA where everything is searched afterwards. */
export function freshFolder(prefix: string): string {
  const place = process.env.GATEHOUSE_TEST_DATA ?? tmpdir();
  mkdirSync(place, { recursive: true });
  return mkdtempSync(join(place, prefix));
}

/** Deletes a folder from `freshFolder` and the output beside it, unless they are kept for the search. */
export function discard(folder: string): void {
  if (process.env.GATEHOUSE_TEST_DATA !== undefined) return;
  for (const left of [folder, `${folder}.output`])
    rmSync(left, { recursive: true, force: true, maxRetries: 5 });
}

/** What the application prints is searched for secrets like everything else that it leaves behind. */
function keepOutput(app: ElectronApplication, file: string): void {
  if (process.env.GATEHOUSE_TEST_DATA === undefined) return;
  const kept = createWriteStream(file, { flags: 'a' });
  const { stdout, stderr } = app.process();
  stdout?.pipe(kept, { end: false });
  stderr?.pipe(kept, { end: false });
}

/** The Electron that `npm start` and `npm test` found; they write its path down. */
export function runtimeExecutable(): string {
  const file = join(root, 'node_modules', '.cache', 'gatehouse', 'runtime.json');
  if (!existsSync(file)) throw new Error('No Electron runtime yet: run `npm test` or `npm start` once.');
  const { executable }: { executable: string } = JSON.parse(readFileSync(file, 'utf8'));
  return executable;
}

/** Chromium refuses its sandbox to root; the keyring is the one the test run opened. */
export function chromiumArguments(): string[] {
  if (process.platform !== 'linux') return [];
  const store = process.env.GATEHOUSE_TEST_KEYRING === '1' ? 'gnome-libsecret' : 'basic';
  return [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), `--password-store=${store}`];
}

function ownEnvironment(): Record<string, string> {
  const given = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[0] !== 'ELECTRON_RUN_AS_NODE',
  );
  return Object.fromEntries(given);
}
