/**
 * Loaded into a measured process (`--import`): answers each message with what is alive in it after a collection, and tells every warning of
 * Node, such as too many listeners on one thing.
 */
import { Socket } from 'node:net';
import v8 from 'node:v8';
import vm from 'node:vm';

v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc');
const warnings = [];
process.on('warning', ({ name, message }) => warnings.push(`${name}: ${message}`));

const alive = { sockets: Socket, signals: AbortSignal, promises: Promise, timers: undefined };

process.on('message', () => {
  collect();
  const counts = Object.entries(alive).map(([name, kind]) => [name, kind && v8.queryObjects(kind)]);
  const timers = process.getActiveResourcesInfo().filter((one) => one === 'Timeout').length;
  const { heapUsed, rss } = process.memoryUsage();
  process.send({ ...Object.fromEntries(counts), timers, heapUsed, rss, warnings });
});
// A look from outside must not keep the process alive.
process.channel?.unref();
