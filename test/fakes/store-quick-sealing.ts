/** Real cryptography with a passphrase that is stretched at no cost, so that many tests can use one. */
import type { Sealing } from '../../src/main/store/sealing';
import { nodeSealing } from '../../src/main/store/sealing.node';

export const quickSealing: Sealing = {
  ...nodeSealing,
  stretch: async (passphrase, settings) =>
    nodeSealing.subkey(nodeSealing.fromBase64(settings.salt), `${passphrase} ${settings.n}`),
};
