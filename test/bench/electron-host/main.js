/**
 * Hosts the built gateway without Gatehouse's own window, beside a bare one: `BENCH_HOST=main` in Electron's main process,
 * `BENCH_HOST=utility` in a utility process. Its arguments are in `BENCH_ARGS`, as JSON; hands on its first line.
 */
import { pathToFileURL } from 'node:url';
import { app, BrowserWindow, utilityProcess } from 'electron';

const { script, args } = JSON.parse(process.env.BENCH_ARGS);

async function start() {
  await new BrowserWindow({ width: 1280, height: 800 }).loadURL('data:text/html,<p>A bare window</p>');
  if (process.env.BENCH_HOST === 'main') {
    process.argv = [process.execPath, script, ...args];
    await import(pathToFileURL(script).href);
    return;
  }
  const child = utilityProcess.fork(script, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.pipe(process.stdout);
  child.once('exit', () => app.exit(0));
  process.once('SIGTERM', () => child.kill());
}

// Not a top-level await of `ready`: one runtime imports this file before it lets that happen.
app.whenReady().then(start);
