/** One picture of a screen for docs/screenshots: light and dark, at 1280×800 and small. */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from '@playwright/test';
import type { Opened } from '../e2e/launch';

export const folder = resolve(import.meta.dirname, '../../docs/screenshots');
export const sizes = [
  { name: '', width: 1280, height: 800 },
  { name: '-small', width: 940, height: 600 },
];

export async function picture({ app, window }: Opened, name: string, wanted = sizes): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await window.emulateMedia({ reducedMotion: 'reduce' });
  for (const size of wanted) {
    await app.evaluate(
      ({ BrowserWindow }, { width, height }) =>
        BrowserWindow.getAllWindows()
          .find((one) => one.webContents.getURL().startsWith('app:'))
          ?.setContentSize(width, height),
      size,
    );
    await expect.poll(() => window.evaluate(() => innerWidth)).toBe(size.width);
    for (const colorScheme of ['light', 'dark'] as const) {
      await window.emulateMedia({ colorScheme });
      await window.screenshot({ path: join(folder, `${name}${size.name}-${colorScheme}.png`) });
    }
  }
}
