/**
 * Finds out what answers at an address: whether it is an MCP server, which protocol it speaks, and how one signs in. Asks as little
 * as it can: the newest protocol first, then the one before, then the old transport. Sends no credentials, follows a redirect only
 * within the same origin, and runs no tool.
 */
import { Fault } from '../../../preload/contract/reply';
import { type Finding, finding, findingOf } from './findings';
import { ask, type FoundServer, type Heard, type ProbeNeeds, type Probing, type Step } from './found';
import { wantsSignIn } from './locked';
import { modernRequest } from './mcp-requests';
import { createRecorder, type ReportLine } from './report';
import { speaksLegacy, speaksModern } from './speak';
import { suggestedName } from './suggested-name';

export type ProbeResult = (FoundServer | { readonly kind: 'no_server'; readonly finding: Finding }) & {
  readonly report: readonly ReportLine[];
};

const maxRedirects = 3;
const maxAddress = 2_000;

/**
 * @param address As a person typed it.
 * @throws Fault `cancelled`; everything else is a finding.
 */
export async function probe(address: string, needs: ProbeNeeds, signal?: AbortSignal): Promise<ProbeResult> {
  const recorder = createRecorder(needs.http, needs.nowMs);
  let lastId = 0;
  const nextId = () => {
    lastId += 1;
    return lastId;
  };
  const told = (found: Finding): ProbeResult => ({
    kind: 'no_server',
    finding: found,
    report: recorder.lines(),
  });
  try {
    let url = readAddress(address, needs);
    for (let redirects = 0; redirects <= maxRedirects; redirects += 1) {
      const step = await look({ needs, recorder, signal, nextId }, url);
      if (step instanceof URL) {
        url = step;
        continue;
      }
      if ('sentence' in step) return told(step);
      const name = suggestedName(url.hostname, needs.takenNames);
      return { kind: 'server', ...step, suggestedName: name, report: recorder.lines() };
    }
    return told(finding('redirected', `${url.host} redirects again and again.`));
  } catch (error) {
    if (!(error instanceof Fault) || error.code === 'cancelled') throw error;
    return told(findingOf(error));
  }
}

/** @throws Fault `address_refused` with a sentence for the person who typed it. */
function readAddress(address: string, needs: ProbeNeeds): URL {
  const typed = address.trim();
  const refused = (sentence: string) => new Fault('address_refused', sentence);
  if (typed === '') throw refused('The address is missing.');
  if (typed.length > maxAddress) throw refused('This address is too long to be one.');
  if (!URL.canParse(typed) && URL.canParse(`https://${typed}`))
    throw refused('The address needs https:// in front.');
  const url = needs.checkAddress(typed);
  if (typed.includes('#')) throw refused('An address with a fragment (#) in it is not one of a server.');
  return url;
}

async function look(probing: Probing, url: URL): Promise<NonNullable<Step> | URL> {
  const modern = await ask(probing, 'server/discover of 2026-07-28', (id) =>
    modernRequest(url.href, id, 'server/discover', probing.needs),
  );
  const redirect = redirectOf(probing, url, modern);
  if (redirect !== undefined) return redirect;
  return (
    (await wantsSignIn(probing, url, modern.answer, 'streamable_http')) ??
    (await speaksModern(probing, url, modern)) ??
    (await speaksLegacy(probing, url, modern))
  );
}

/** An address of the same origin to go on with, or the refusal. */
function redirectOf(probing: Probing, url: URL, { answer, conclude }: Heard): URL | Finding | undefined {
  if (answer.status < 300 || answer.status > 399) return undefined;
  const { location = '' } = answer.headers;
  if (location === '' || !URL.canParse(location, url.href)) {
    conclude('It redirects to nowhere.');
    return finding('redirected', `${url.host} redirects to nowhere (status ${answer.status}).`);
  }
  const target = new URL(location, url.href);
  if (target.origin === url.origin) {
    conclude(`It redirects to ${target.pathname} of the same server, which is followed.`);
    return probing.needs.checkAddress(target.href);
  }
  conclude(`It redirects to ${target.origin}, which is refused.`);
  return finding(
    'redirected',
    `${url.host} redirects to another server, ${target.origin}, which is not followed.`,
  );
}
