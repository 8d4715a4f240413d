/**
 * How the three parts are built. Everything is bundled into main but Electron itself and keytar (a native module),
 * so that the package carries no other `node_modules`. Targets are the oldest runtime we start on (Electron 33).
 *
 * @see https://electron-vite.org/config/
 */
import { resolve } from 'node:path';
import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import type { Rolldown } from 'vite';

const from = (...parts: string[]) => resolve(import.meta.dirname, ...parts);

/** Left to the runtime: Electron's own modules and the one native module. */
const external = ['electron', /^electron\//, 'keytar'];

/**
 * Writes what is not ASCII as escapes: one character beyond Latin-1 makes the engine keep two bytes for each of a chunk's
 * millions, for as long as the process lives. Nothing else changes; `String.raw` is the one place where an escape would differ.
 */
const ascii: Rolldown.Plugin = {
  name: 'ascii',
  generateBundle(_options, bundle) {
    for (const part of Object.values(bundle))
      if (part.type === 'chunk') part.code = part.code.replace(/[\u0080-\uffff]/g, escapeOf);
  },
};

const escapeOf = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

export default defineConfig({
  main: {
    build: {
      outDir: from('build/main'),
      target: 'node20',
      externalizeDeps: false,
      sourcemap: false,
      rollupOptions: {
        external,
        input: {
          index: from('src/main/index.ts'),
          headless: from('src/main/headless.ts'),
          probe: from('src/main/probe-command.ts'),
          stdio: from('src/main/stdio.ts'),
        },
        output: {
          format: 'es',
          entryFileNames: '[name].js',
          chunkFileNames: 'chunks/[name]-[hash].js',
          comments: { legal: true, annotation: false, jsdoc: false },
          plugins: [ascii],
        },
      },
    },
  },
  preload: {
    build: {
      outDir: from('build/preload'),
      target: 'node20',
      externalizeDeps: false,
      rollupOptions: {
        external,
        input: { index: from('src/preload/index.ts') },
        // A sandboxed preload is one CommonJS file.
        output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
      },
    },
  },
  renderer: {
    root: from('src/renderer'),
    plugins: [react(), tailwind()],
    build: {
      outDir: from('build/renderer'),
      target: 'chrome130',
      minify: true,
      rollupOptions: { input: from('src/renderer/index.html') },
    },
  },
});
