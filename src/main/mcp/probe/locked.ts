/**
 * A server that wants a sign-in: what kind, and where. Nothing is signed in here.
 */
import type { InboundAnswer } from '../../ports';
import { readChallenge } from '../challenge';
import { discoverAuthorization } from '../discover-authorization';
import { type Finding, finding } from './findings';
import type { Facts, FoundAuth, FoundServer, Probing, Step } from './found';

export const isLocked = ({ status }: InboundAnswer) => status === 401 || status === 403;

/** How one signs in, where the answer wants that; undefined where it does not. */
export async function wantsSignIn(
  { needs, recorder, signal }: Probing,
  url: URL,
  answer: InboundAnswer,
  transport: FoundServer['transport'],
  known: Partial<Facts> = {},
): Promise<Step> {
  if (!isLocked(answer)) return undefined;
  const challenge = readChallenge(answer.headers['www-authenticate']);
  const facts = { url: url.href, transport, protocol: undefined, serverName: '', ...known };
  const { ask: askFor } = recorder;
  const discovery = await discoverAuthorization(
    { ask: askFor, checkAddress: needs.checkAddress, signal },
    url,
    challenge,
  );
  if (discovery.kind === 'found') {
    const { found } = discovery;
    const findings = found.pkce === 'S256' ? [] : [noPkce(found.issuer)];
    return { ...facts, auth: { kind: 'oauth', found }, findings };
  }
  const auth: FoundAuth = { kind: challenge.isBearer ? 'bearer' : 'header' };
  if (discovery.kind === 'broken') return { ...facts, auth, findings: [discovery.finding] };
  const isForbidden = answer.status === 403 && !challenge.isBearer;
  const why = `${url.host} refuses this computer (status 403) and does not say what it wants.`;
  return { ...facts, auth, findings: isForbidden ? [finding('forbidden', why)] : [] };
}

function noPkce(issuer: string): Finding {
  return finding(
    'pkce_not_offered',
    `The sign-in at ${issuer} does not say that it supports PKCE with S256, without which a code can be stolen on its way.`,
  );
}
