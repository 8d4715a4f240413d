/**
 * What a probe can find, each with a sentence and what to do next. The words stand here once, for the window, the report and the
 * command line.
 */
import type { Fault } from '../../../preload/contract/reply';

export type FindingCode =
  | 'address_refused'
  | 'name_not_found'
  | 'connection_refused'
  | 'tls'
  | 'timeout'
  | 'unreachable'
  | 'redirected'
  | 'web_page'
  | 'not_json_rpc'
  | 'not_found'
  | 'server_fault'
  | 'too_many_requests'
  | 'version_not_spoken'
  | 'too_large'
  | 'forbidden'
  | 'resource_mismatch'
  | 'issuer_mismatch'
  | 'metadata_invalid'
  | 'metadata_address_refused'
  | 'pkce_not_offered'
  | 'list_failed';

/** One thing that was found out, for a person. */
export interface Finding {
  readonly code: FindingCode;
  /** What is so. A whole sentence. */
  readonly sentence: string;
  /** What the technician can do about it. A whole sentence. */
  readonly next: string;
}

const nextSteps: Readonly<Record<FindingCode, string>> = {
  address_refused: 'Type the public https:// address of the server.',
  name_not_found: 'Check the spelling of the host name, or ask whoever runs the server for its address.',
  connection_refused: 'Check the port, and whether the server is running.',
  tls: 'Ask whoever runs the server for a certificate that browsers accept. Gatehouse never goes on without one.',
  timeout: 'Try again later; if it stays so, ask whoever runs the server.',
  unreachable: 'Check the network of this computer and try again.',
  redirected: 'Type the address that it points to, if you trust it.',
  web_page: 'Look up the MCP address in the documentation of the product; it often ends in /mcp.',
  not_json_rpc: 'Look up the MCP address in the documentation of the product; it often ends in /mcp.',
  not_found: 'Check the path of the address; it often ends in /mcp.',
  server_fault: 'Try again later; if it stays so, tell whoever runs the server.',
  too_many_requests: 'Wait a minute and try again.',
  version_not_spoken: 'Ask whoever runs the server for an update.',
  too_large: 'Tell whoever runs the server that its answer is too large.',
  forbidden: 'Ask whoever runs the server whether this computer or this network may use it.',
  resource_mismatch: 'Do not sign in. Ask whoever runs the server to correct its metadata.',
  issuer_mismatch: 'Do not sign in. Ask whoever runs the server to correct its metadata.',
  metadata_invalid:
    'Ask whoever runs the server to correct its metadata, or use a token if the server takes one.',
  metadata_address_refused: 'Do not sign in. Ask whoever runs the server to correct its metadata.',
  pkce_not_offered:
    'Ask whoever runs the sign-in. Some large identity providers support it without saying so: then allow it for this server by name.',
  list_failed: 'Connect all the same if you know the server, or ask whoever runs it.',
};

export function finding(code: FindingCode, sentence: string): Finding {
  return { code, sentence, next: nextSteps[code] };
}

/** @param fault Of the way out, whose sentence is kept. */
export function findingOf(fault: Fault): Finding {
  return finding(codeOf(fault), fault.message);
}

function codeOf({ code, message }: Fault): FindingCode {
  if (code === 'address_refused') return 'address_refused';
  if (code === 'vendor_tls') return 'tls';
  if (code === 'vendor_timeout') return 'timeout';
  if (code === 'vendor_too_large') return 'too_large';
  if (code === 'redirect_refused') return 'redirected';
  if (code === 'vendor_answer_invalid') return 'not_json_rpc';
  if (message.includes('(DNS)')) return 'name_not_found';
  return message.includes('refused') ? 'connection_refused' : 'unreachable';
}

/** A page of the web is told from an answer that is only wrong. */
export function notAServer(host: string, status: number, contentType: string): Finding {
  const isPage = /html/i.test(contentType);
  if (status === 429) return finding('too_many_requests', `${host} wants fewer requests (status 429).`);
  if (status >= 500)
    return finding('server_fault', `${host} answers with status ${status}, a fault on its side.`);
  if (status === 404 || status === 410)
    return finding('not_found', `${host} is there, but has nothing at this address (status ${status}).`);
  if (isPage)
    return finding('web_page', `${host} answers with a web page (status ${status}), not as an MCP server.`);
  return finding('not_json_rpc', `What ${host} answers is not MCP (status ${status}).`);
}
