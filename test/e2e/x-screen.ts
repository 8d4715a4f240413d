/**
 * A virtual screen with a real keyboard: the way into a program whose inspector is fused off. Keys go through the X server
 * (xdotool); what stands on the screen is seen only as a picture that changes or rests.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';

export interface XScreen {
  readonly display: string;
  /** Gives the keyboard to the first window with this title, once it is shown. */
  focus(title: string): Promise<void>;
  /** Presses keys by their X names, for example `Tab` or `ctrl+a`. */
  press(...keys: readonly string[]): void;
  /** Types a text, letter by letter. */
  type(text: string): void;
  /** Waits until the picture is another one than before `action`, and rests. */
  changedBy(action: () => void): Promise<void>;
  /** Waits until the picture rests. */
  rests(): Promise<void>;
  close(): void;
}

/** True where a screen can be made and typed on. */
export function canType(): boolean {
  return ['Xvfb', 'xdotool'].every((name) => spawnSync('which', [name]).status === 0);
}

export async function openScreen(): Promise<XScreen> {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-screen-'));
  const args = ['-displayfd', '3', '-screen', '0', '1440x1000x24', '-nolisten', 'tcp', '-fbdir', folder];
  const server = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const display = `:${await numberOf(server)}`;
  const picture = () =>
    createHash('sha256')
      .update(readFileSync(join(folder, 'Xvfb_screen0')))
      .digest('hex');
  const env = { ...process.env, DISPLAY: display };
  const xdotool = (...words: readonly string[]) => execFileSync('xdotool', words, { env, encoding: 'utf8' });
  /** The same picture at three looks in a row; `other` is a picture that does not count. */
  const restsOn = async (other: string | undefined) => {
    const seen: string[] = [];
    const isAtRest = () => {
      seen.push(picture());
      const last = seen.slice(-3);
      return last.length === 3 && new Set(last).size === 1 && last[0] !== other;
    };
    await expect.poll(isAtRest, { timeout: 20_000, intervals: [120] }).toBe(true);
  };
  return {
    display,
    focus: async (title) => {
      const search = () =>
        spawnSync('xdotool', ['search', '--onlyvisible', '--name', `^${title}$`], { env, encoding: 'utf8' })
          .stdout.trim()
          .split('\n')[0];
      await expect.poll(search, { timeout: 45_000 }).toBeTruthy();
      xdotool('windowfocus', '--sync', search() ?? '');
    },
    press: (...keys) => void xdotool('key', '--delay', '40', ...keys),
    type: (text) => void xdotool('type', '--delay', '40', text),
    rests: () => restsOn(undefined),
    changedBy: async (action) => {
      const before = picture();
      action();
      await restsOn(before);
    },
    close: () => {
      server.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function numberOf(server: ChildProcess): Promise<string> {
  return new Promise((done, failed) => {
    server.once('error', failed);
    server.once('exit', (code) => failed(new Error(`The virtual screen ended with ${code}.`)));
    server.stdio[3]?.once('data', (data) => done(String(data).trim()));
  });
}
