/**
 * Node's HTTP server and client. Importing `node:http` as a module reads each of its exports, one of which loads a second undici:
 * 35 ms at every start, for nothing.
 *
 * @see https://nodejs.org/api/process.html#processgetbuiltinmoduleid
 */
export const { Agent, createServer, request } = process.getBuiltinModule('node:http');
