/**
 * One call of a catalog tool at its vendor: request, credentials for this one request, answer as a tool result.
 * Refuses to keep a credential: it is read at the last moment, put on the request and forgotten.
 */
import { Fault } from '../../preload/contract/reply';
import type { App, AppTool } from '../catalog/app';
import { reachOf } from '../catalog/reach';
import { type Arguments, buildRequest } from '../catalog/request-template';
import { maskReveals, parseJson, readVendorError } from '../catalog/vendor-answer';
import type { InboundAnswer } from '../ports';
import type { ConnectionRecord } from '../store/state-record';
import type { ConnectionsNeeds } from './connect';
import { hideSecrets } from './hide-secrets';

/** Characters of an answer that an agent gets; more would fill its context. */
const maxAnswerChars = 200_000;

/** A `CallToolResult` of MCP with what the activity log wants to know besides. */
export interface VendorResult {
  readonly result: {
    readonly content: readonly [{ readonly type: 'text'; readonly text: string }];
    readonly isError?: true;
  };
  readonly status: number;
  readonly bytes: number;
}

/**
 * @param args Untrusted, already checked against the tool's input schema.
 * @throws Fault of the HTTP port, `vault_locked`, `secret_missing`, `request_invalid`. A failed answer of the
 *   vendor is no Fault: it is a result with `isError`, in the vendor's words.
 */
export async function callVendor(
  needs: Pick<ConnectionsNeeds, 'vault' | 'send' | 'signIn'>,
  connection: ConnectionRecord,
  app: App,
  tool: AppTool,
  args: Arguments,
  signal: AbortSignal,
): Promise<VendorResult> {
  const request = buildRequest(app, tool, args, connection.values);
  const secret = await needs.vault.readSecret(connection.connectionId);
  if (signal.aborted) throw new Fault('cancelled', 'The agent went away before the call left.');
  const { connectionId, values: open } = connection;
  const attempt = async () => {
    const signedIn = await needs.signIn.headers(connectionId, app, { open, secret }, signal);
    const answer = await needs.send(
      connectionId,
      { ...request, ...reachOf(app, open), headers: { ...request.headers, ...signedIn } },
      { signal, concurrency: app.limits.concurrency },
    );
    return hideSecrets(answer, secret, signedIn);
  };
  let answer = await attempt();
  if (answer.status === 401 && needs.signIn.renews(app)) {
    // The token was refused, so nothing ran: even a write may be tried once more, with a new token.
    needs.signIn.forget(connectionId);
    answer = await attempt();
  }
  return resultOf(app, tool, answer);
}

function resultOf(app: App, tool: AppTool, answer: InboundAnswer): VendorResult {
  const facts = { status: answer.status, bytes: answer.text.length };
  if (answer.status < 200 || answer.status > 299) {
    const words = readVendorError(app, answer.status, answer.headers['content-type'] ?? '', answer.text);
    return { ...facts, result: { content: [{ type: 'text', text: words }], isError: true } };
  }
  return { ...facts, result: { content: [{ type: 'text', text: answerText(tool, answer) }] } };
}

function answerText(tool: AppTool, answer: InboundAnswer): string {
  if (answer.text.trim() === '') return 'Done. The vendor sent no content.';
  const json = parseJson(answer.text);
  // What cannot be read cannot be masked, so nothing of it is handed on.
  if (json === undefined && tool.reveals.length > 0)
    return 'The vendor answered in a form in which secrets cannot be masked, so the answer is withheld.';
  const text = json === undefined ? answer.text : JSON.stringify(maskReveals(tool, json));
  if (text.length <= maxAnswerChars) return text;
  return `${text.slice(0, maxAnswerChars)}\n[Cut: ${text.length - maxAnswerChars} of ${text.length} characters are missing. Ask for fewer fields or a smaller page.]`;
}
