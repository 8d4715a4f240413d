/**
 * The built application with made-up answers: the real window, preload, page and policy; only what main answers is
 * written by the test. So every state of a screen can be seen, the rare ones too. Every made-up answer is held to the contract.
 */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type ElectronApplication, expect, type Page } from '@playwright/test';
import type axe from 'axe-core';
import { type CallOutput, calls } from '../../src/preload/contract/calls';
import type { CallName, FeedName } from '../../src/preload/contract/names';
import { launch, type Opened } from '../e2e/launch';

/** What main says to a call: a value, a refusal, or nothing at all. */
export type Said<Name extends CallName> =
  | { readonly value: CallOutput<Name> }
  | {
      readonly refused: string;
      readonly code?: string;
      readonly fields?: readonly { field: string; message: string }[];
    }
  | 'never';

export type Script = { readonly [Name in CallName]?: Said<Name> };

export interface Asked {
  readonly name: string;
  readonly input: unknown;
}

export interface Stage {
  readonly opened: Opened;
  readonly window: Page;
  /** Loads the page anew under this script. */
  play(script: Script): Promise<void>;
  /** Changes single answers without loading anew. */
  change(script: Script): Promise<void>;
  tell(feed: FeedName, value: unknown): Promise<void>;
  /** What the page asked since it was loaded, as far as it has arrived. */
  asked(): Promise<readonly Asked[]>;
  /** Waits until the last call of this name matches: a click is over before its question has arrived. */
  expectAsked(name: string, input: Record<string, unknown>): Promise<void>;
  size(width: number, height: number): Promise<void>;
  /** Fails with the names of the rules and the elements that break them. */
  expectAccessible(): Promise<void>;
  /** Nothing that can be operated or names a part lies outside the window. */
  expectNothingCutOff(): Promise<void>;
  close(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const opened = await launch();
  const { app, window } = opened;
  await takeOver(app);
  // A dialog that is still coming has other colours for a moment.
  await window.emulateMedia({ reducedMotion: 'reduce' });
  const asked = () => app.evaluate(() => (globalThis as unknown as Played).played.asked);
  const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  return {
    opened,
    window,
    async play(script) {
      await setScript(app, script, true);
      await window.reload();
    },
    change: (script) => setScript(app, script, false),
    tell: (feed, value) =>
      app.evaluate(
        ({ BrowserWindow }, sent) => {
          for (const one of BrowserWindow.getAllWindows())
            one.webContents.send('gatehouse:feed', sent.feed, sent.value);
        },
        { feed, value },
      ),
    asked,
    async expectAsked(name, input) {
      const last = async () => (await asked()).findLast((one) => one.name === name)?.input;
      await expect.poll(last, { message: name }).toMatchObject(input);
    },
    async size(width, height) {
      await app.evaluate(
        ({ BrowserWindow }, [w = 0, h = 0]) => BrowserWindow.getAllWindows()[0]?.setContentSize(w, h),
        [width, height],
      );
      await expect.poll(() => window.evaluate(() => [innerWidth, innerHeight])).toEqual([width, height]);
    },
    async expectAccessible() {
      // Evaluated from outside: the page's own policy lets no script in.
      await window.evaluate(axeSource);
      const found = await window.evaluate(async () => {
        const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run(document, {
          runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
        });
        return violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' | ')}`);
      });
      expect(found).toEqual([]);
    },
    async expectNothingCutOff() {
      const outside = await window.evaluate(() =>
        [...document.querySelectorAll('button, input, select, h1, h2, dd')].flatMap((one) => {
          const box = one.getBoundingClientRect();
          const isDrawn = box.width > 1 && box.height > 1;
          return isDrawn && (box.right > innerWidth + 1 || box.left < -1)
            ? [one.outerHTML.slice(0, 120)]
            : [];
        }),
      );
      expect(outside).toEqual([]);
    },
    close: () => opened.close(),
  };
}

interface Played {
  played: { replies: Record<string, unknown>; asked: Asked[] };
}

async function takeOver(app: ElectronApplication): Promise<void> {
  await app.evaluate(({ ipcMain }) => {
    const world = globalThis as unknown as Played;
    world.played = { replies: {}, asked: [] };
    ipcMain.removeHandler('gatehouse:call');
    ipcMain.handle('gatehouse:call', (_event, name: string, input: unknown) => {
      world.played.asked.push({ name, input });
      const reply = world.played.replies[name];
      if (reply === 'never') return new Promise(() => undefined);
      const message = `The script says nothing about ${name}.`;
      return reply ?? { ok: false, fault: { code: 'unexpected', message, retryable: false } };
    });
  });
}

async function setScript(app: ElectronApplication, script: Script, isNew: boolean): Promise<void> {
  const replies = Object.fromEntries(
    Object.entries(script).map(([name, said]) => [name, said === 'never' ? said : replyOf(name, said)]),
  );
  await app.evaluate(
    (_electron, sent) => {
      const { played } = globalThis as unknown as Played;
      if (sent.isNew) {
        played.replies = {};
        played.asked = [];
      }
      Object.assign(played.replies, sent.replies);
    },
    { replies, isNew },
  );
}

function replyOf(name: string, said: Exclude<Said<CallName>, 'never'>): unknown {
  if ('value' in said) {
    // Held to the contract, so that no screen is tried with what main could never say.
    return { ok: true, value: calls[name as CallName].output.parse(said.value) };
  }
  const { refused, code = 'unexpected', fields = [] } = said;
  return { ok: false, fault: { code, message: refused, retryable: false, fields } };
}
