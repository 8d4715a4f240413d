/** A port that nobody listens on at this moment. */
import { createServer } from 'node:net';

/** For a gateway or a server of a test, so that another program on this machine is not in the way. */
export function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const probe = createServer().once('error', failed);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => done(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
