/** How the gateway without windows is started: on which Node, with which limits. */
import { join } from 'node:path';
import { withOwnCommands } from './child.mjs';
import { build, cache } from './place.mjs';

export const headless = {
  command: process.execPath,
  args: [
    // What a list of thousands of tools leaves behind is collected sooner instead of being kept room for.
    '--max-semi-space-size=4',
    join(build, 'main', 'headless.js'),
  ],
  env: () => ({
    ...withOwnCommands(),
    // Compiled once for all starts; below the repository, where nobody else can put anything.
    NODE_COMPILE_CACHE: join(cache, 'compiled'),
  }),
};
