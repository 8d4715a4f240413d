/** How the gateway without windows is started: on which Node, with which limits. */
import { join } from 'node:path';
import { withOwnCommands } from './child.mjs';
import { build, cache } from './place.mjs';

export const headless = {
  command: process.execPath,
  args: [
    // What a list of thousands of tools leaves behind is collected sooner instead of being kept room for.
    '--max-semi-space-size=4',
    '--heap-growing-percent=10',
    join(build, 'main', 'headless.js'),
  ],
  env: () => ({
    ...withOwnCommands(),
    // One arena for all threads of glibc, given back above 128 KB: what each thread keeps for itself was 17 MB.
    MALLOC_ARENA_MAX: '1',
    MALLOC_TRIM_THRESHOLD_: '131072',
    // Compiled once for all starts; below the repository, where nobody else can put anything.
    NODE_COMPILE_CACHE: join(cache, 'compiled'),
  }),
};
