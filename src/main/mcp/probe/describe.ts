/** What a probe found, as text for a terminal or the clipboard. */
import type { FoundAuth } from './found';
import type { ProbeResult } from './probe';
import { reportAsText } from './report';

export function describeProbe(result: ProbeResult): string {
  return [...head(result), '', 'Requests:', reportAsText(result.report) || 'None was made.'].join('\n');
}

function head(result: ProbeResult): string[] {
  if (result.kind === 'no_server') return [result.finding.sentence, result.finding.next];
  const { serverName, protocol, transport, url, auth, findings, suggestedName } = result;
  const name = serverName === '' ? 'An MCP server' : `The MCP server “${serverName}”`;
  const speaks = protocol === undefined ? '' : `, which speaks ${protocol}`;
  const how = transport === 'http_sse' ? ' over HTTP with SSE' : '';
  return [
    `${name} answers at ${url}${speaks}${how}.`,
    authInWords(auth),
    `Suggested name: ${suggestedName}`,
    ...findings.map(({ sentence, next }) => `${sentence} ${next}`),
  ];
}

/** The authentication that was found, in one sentence. */
export function authInWords(auth: FoundAuth): string {
  switch (auth.kind) {
    case 'none': {
      const { toolCount, hasMore } = auth;
      if (toolCount === undefined) return 'It needs no sign-in.';
      return `It needs no sign-in and lists ${toolCount}${hasMore ? ' tools and more' : toolCount === 1 ? ' tool' : ' tools'}.`;
    }
    case 'oauth': {
      const { issuer, takesMetadataDocument, registerUrl, scope } = auth.found;
      const register = [
        ...(takesMetadataDocument ? ['by a client id metadata document'] : []),
        ...(registerUrl === undefined ? [] : ['by dynamic registration']),
        'by hand',
      ].join(' or ');
      const asks = scope === undefined ? '' : ` It asks for ${scope}.`;
      return `One signs in with OAuth at ${issuer}. Gatehouse can be registered ${register}.${asks}`;
    }
    case 'bearer':
      return 'It wants a bearer token.';
    case 'header':
      return 'It wants credentials and does not say which: try a header of its own, or a bearer token.';
  }
}
