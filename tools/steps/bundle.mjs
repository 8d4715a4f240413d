/** One entry and everything it imports in one file that plain Node can run. */
import { root } from './place.mjs';

/**
 * @param {string} entry Below the root.
 * @param {string} folder Other files in it stay.
 * @param {string} name
 */
export async function bundle(entry, folder, name) {
  const { build } = await import('vite');
  await build({
    root,
    logLevel: 'warn',
    configFile: false,
    ssr: { noExternal: true },
    build: {
      ssr: entry,
      outDir: folder,
      emptyOutDir: false,
      rollupOptions: { external: ['keytar'], output: { entryFileNames: name } },
    },
  });
}
