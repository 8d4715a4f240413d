import { expect, it } from 'vitest';
import { suggestedName } from '../../../src/main/mcp/probe/suggested-name';

it.each([
  ['mcp.example.com', 'Example'],
  ['example.com', 'Example'],
  ['www.example.co.uk', 'Example'],
  ['api.mcp.hudu-docs.com', 'Hudu Docs'],
  ['mcp-server.example.com', 'Example'],
  ['mcp.example.com.au', 'Example'],
  ['8.8.8.8', 'MCP server'],
  ['[2606:4700::1111]', 'MCP server'],
  ['mcp.com', 'Mcp'],
  ['xn--bcher-kva.example', 'Xn Bcher Kva'],
])('%s becomes %s', (host, name) => expect(suggestedName(host, [])).toBe(name));

it('is unique', () => {
  expect(suggestedName('mcp.example.com', ['example', 'Example 2'])).toBe('Example 3');
});
