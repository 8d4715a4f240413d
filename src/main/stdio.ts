/** The bridge for clients that only start commands, as a plain Node program. In packages Gatehouse itself is it: `gatehouse --stdio`. */
import { clock } from './clock.node';
import { runStdio } from './gateway/stdio-command.node';

process.exit(await runStdio(process.argv.slice(2), clock));
