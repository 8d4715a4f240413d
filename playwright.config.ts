/**
 * The built application, driven by role and visible words. Run through `npm test`, or alone after `npm run build`.
 * `screens` sees every state of every screen with made-up answers, `e2e` the whole house. `pictures` makes docs/screenshots.
 */
import { defineConfig } from '@playwright/test';

export default defineConfig({
  outputDir: 'test-results/e2e',
  // One application at a time: focus, tray and the gateway's port are the machine's.
  workers: 1,
  fullyParallel: false,
  forbidOnly: Boolean(process.env.CI),
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
  projects: [
    { name: 'screens', testDir: 'test/screens', testIgnore: '*pictures.spec.ts' },
    { name: 'e2e', testDir: 'test/e2e' },
    ...(process.env.GATEHOUSE_BENCH === '1' ? [{ name: 'bench', testDir: 'test/bench' }] : []),
    ...(process.env.GATEHOUSE_PICTURES === '1'
      ? [{ name: 'pictures', testDir: 'test/screens', testMatch: '*pictures.spec.ts' }]
      : []),
  ],
});
