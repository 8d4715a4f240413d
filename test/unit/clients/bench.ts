/** An agent's endpoint as the tests write it. */
import type { Endpoint } from '../../../src/main/clients/client-table';

export const endpoint: Endpoint = {
  url: 'http://127.0.0.1:8417/mcp',
  token: `ghs_${'0123456789abcdef'.repeat(4)}`,
  bridge: { command: 'C:\\Program Files\\Gatehouse\\gatehouse.exe', args: [] },
  name: 'gatehouse',
};
