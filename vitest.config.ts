/** Everything that runs without a window. The built application is Playwright's subject (playwright.config.ts). */
import { defineConfig } from 'vitest/config';

const rooms = ['unit', 'contract', 'journeys', 'screens', 'adapters', 'peers'];

export default defineConfig({
  test: {
    environment: 'node',
    include: rooms.map((room) => `test/${room}/**/*.test.{ts,tsx}`),
    exclude: ['**/node_modules/**', 'test/e2e/**'],
    restoreMocks: true,
    testTimeout: 15_000,
  },
});
