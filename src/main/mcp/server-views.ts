/** What was found out about custom servers, and their tools, as the window may see them. Pure copies without secrets. */

import type { PoliciesView } from '../../preload/contract/policy-shapes';
import type { ProbeView } from '../../preload/contract/server-shapes';
import type { SignInWay } from '../../preload/contract/shapes';
import { redirectAddress } from '../catalog/redirect-address';
import type { ShownTool } from '../connections/views';
import type { ConnectionPolicies } from '../store/policy-book';
import { changesBetween, type Definitions } from './definitions';
import { authInWords } from './probe/describe';
import type { FoundAuth } from './probe/found';
import type { ProbeResult } from './probe/probe';
import { reportAsText } from './probe/report';
import { handPort, redirectPath } from './sign-in-to-server';
import { requestOf } from './surfaces';
import { visible, warningAbout } from './suspicious-text';
import type { ServerTool } from './tool-server';

const maxReport = 60_000;

/** @param signInWith What Settings say. */
export function probeView(result: ProbeResult, signInWith: SignInWay): ProbeView {
  const report = reportAsText(result.report).slice(0, maxReport);
  if (result.kind === 'no_server')
    return { found: { kind: 'no_server' }, findings: [shortened(result.finding)], report };
  const { url, serverName, protocol = '', auth, findings, suggestedName } = result;
  return {
    found: {
      kind: 'server',
      url,
      serverName,
      protocol,
      auth: auth.kind === 'header' ? 'headers' : auth.kind,
      sentence: authInWords(auth).slice(0, 1000),
      suggestedName,
      oauth: oauthView(auth, signInWith),
    },
    findings: findings.slice(0, 10).map(shortened),
    report,
  };
}

function oauthView(
  auth: FoundAuth,
  signInWith: SignInWay,
): Extract<ProbeView['found'], { kind: 'server' }>['oauth'] {
  if (auth.kind !== 'oauth') return null;
  const { issuer, scope = '', registerUrl, pkce } = auth.found;
  return {
    issuer,
    scope: scope.slice(0, 2000),
    needsClientId: registerUrl === undefined,
    pkceOffered: pkce === 'S256',
    redirectUri: redirectAddress({ host: '127.0.0.1', port: handPort, path: redirectPath }),
    signInWith,
  };
}

function shortened({ code, sentence, next }: ProbeView['findings'][number]): ProbeView['findings'][number] {
  return { code, sentence: sentence.slice(0, 1000), next };
}

/**
 * The tools of a custom server as a technician reads of them: what was accepted, with what cannot be seen written as codes, and what
 * the server says instead by now.
 */
export function shownServerTools(
  definitions: Definitions,
  connectionId: string,
  policies: ConnectionPolicies,
  origin: string,
): readonly ShownTool[] {
  return definitions.pinned(connectionId, policies).map((tool) => {
    const shown = shownAsPinned(tool, origin);
    const row = policies.tools[tool.name];
    const now = row === undefined ? undefined : definitions.drifted(connectionId, row);
    if (now === undefined) return shown;
    const warning = shown.warning ?? warningAbout(now.definition)?.slice(0, 400);
    const changes = changesBetween(tool.definition, now.definition).map((change) => ({
      field: visible(change.field).slice(0, 400),
      before: visible(change.before).slice(0, 9000),
      after: visible(change.after).slice(0, 9000),
    }));
    return { ...shown, warning, changes };
  });
}

function firstLine(text: string): string {
  return text.trim().split('\n', 1)[0] ?? '';
}

/** Made once for each definition: a server may have thousands. */
const shownBefore = new WeakMap<ServerTool, ShownTool>();

function shownAsPinned(tool: ServerTool, origin: string): ShownTool {
  const known = shownBefore.get(tool);
  if (known !== undefined) return known;
  const shown: ShownTool = {
    name: tool.name,
    // Many servers give no title; the first line of the description says more than the name once again.
    title: visible(tool.title === tool.name ? firstLine(tool.description) : tool.title).slice(0, 200),
    description: visible(tool.description).slice(0, 8000),
    inputSchema: JSON.parse(visible(JSON.stringify(tool.inputSchema)).replaceAll('\\u{', '\\\\u{')),
    request: `${requestOf(tool)} at ${origin}`,
    warning: warningAbout(tool.definition)?.slice(0, 400),
  };
  shownBefore.set(tool, shown);
  return shown;
}

/** What is listed and not offered. Its names are nobody's but the server's. */
export function shownRefused(definitions: Definitions, connectionId: string): PoliciesView['refused'] {
  return definitions
    .refused(connectionId)
    .map(({ name, why }) => ({ name: visible(name).slice(0, 400), why: visible(why).slice(0, 600) }));
}
