/**
 * Opens connections to addresses that may be called, and to no other: a name is looked up, every address that comes back is
 * judged, and the judged ones are dialled. A name server that says something else a moment later changes nothing.
 */
import { lookup as ask } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { rootCertificates } from 'node:tls';
import { buildConnector } from 'undici';
import { Fault } from '../../preload/contract/reply';
import { isIpText, type Reach, whyRefused } from './public-address';

const connectTimeoutMs = 10_000;

type Asked = (
  name: string,
  options: { readonly all: true; readonly family?: number },
  done: (
    error: NodeJS.ErrnoException | null,
    addresses: readonly { address: string; family: number }[],
  ) => void,
) => void;

const askSystem: Asked = (name, options, done) =>
  ask(
    name,
    { all: true, verbatim: true, ...(options.family === undefined ? {} : { family: options.family }) },
    done,
  );

/** Certificates are always held to the name; `extraCaPem` are authorities that are trusted besides the public ones. */
export function tlsOptions(extraCaPem: readonly string[]): buildConnector.BuildOptions {
  return {
    timeout: connectTimeoutMs,
    rejectUnauthorized: true,
    ...(extraCaPem.length === 0 ? {} : { ca: [...rootCertificates, ...extraCaPem] }),
  };
}

/**
 * @param asked Looks a name up; the system where it is left out.
 * @throws Fault `address_refused` into the callback: one address that may not be called spoils a name.
 */
export function guardedConnector(
  tls: buildConnector.BuildOptions,
  reach: Reach,
  asked: Asked = askSystem,
): buildConnector.connector {
  const connect = buildConnector({ ...tls, lookup: guardedLookup(reach, asked) });
  return (target, done) => {
    // An address in numbers is never looked up, so it is judged here.
    const why = isIpText(target.hostname) ? whyRefused(target.hostname, reach) : undefined;
    if (why !== undefined) done(refusal(why), null);
    else connect(target, done);
  };
}

export function guardedLookup(reach: Reach, asked: Asked = askSystem): LookupFunction {
  return (name, options, done) => {
    const family =
      typeof options.family === 'number' && options.family !== 0 ? { family: options.family } : {};
    asked(name, { all: true, ...family }, (error, addresses) => {
      if (error !== null) return done(error, '');
      const why = addresses.map(({ address }) => whyRefused(address, reach)).find((one) => one !== undefined);
      const [first] = addresses;
      if (why !== undefined)
        return done(refusal(`${name} leads to an address that is not called: ${why}`), '');
      if (first === undefined) return done(Object.assign(new Error('no address'), { code: 'ENOTFOUND' }), '');
      if (options.all === true) return done(null, [...addresses]);
      return done(null, first.address, first.family);
    });
  };
}

function refusal(why: string): Fault {
  return new Fault('address_refused', `${why}. Nothing was sent.`);
}
