/**
 * Makes arguments and results fit to be kept: what looks secret is masked, what is long is cut.
 * Refuses to show a value on the ground that it is short: a mask says nothing about what it hides.
 */
export const mask = '[hidden]';

const maxStringChars = 2_048;
const maxWholeChars = 32_768;
const maxDepth = 24;

const secretWords = [
  'password',
  'passwd',
  'passphrase',
  'passcode',
  'pwd',
  'secret',
  'token',
  'apikey',
  'accesskey',
  'privatekey',
  'sharedkey',
  'encryptionkey',
  'signingkey',
  'recoverykey',
  'recoverycode',
  'backupcode',
  'mfaseed',
  'otpseed',
  'totp',
  'seedphrase',
  'authorization',
  'cookie',
  'bearer',
  'credential',
  'sessionid',
  'connectionstring',
];
const secretWholeNames = new Set(['pin', 'otp', 'seed', 'pass', 'auth', 'cvv', 'psk', 'jwt']);
const countsAndPages =
  /^(max|min|num|total|input|output|prompt)?tokens?(count|limit|used|type|expiry|expiresat|expiresin)?s?$/;

const bare = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** Whether a property of this name is masked. */
export function isSecretName(name: string): boolean {
  const plain = bare(name);
  return secretWholeNames.has(plain) || secretWords.some((word) => plain.includes(word));
}

/** Whether a text gives itself away: a bearer or basic header, a JWT, a private key, a password in an address. */
export function isSecretText(whole: string): boolean {
  // What lies further back is cut off anyway.
  const text = whole.slice(0, 4 * maxStringChars);
  return (
    /\b(?:bearer|basic)\s+[a-z0-9+/_~.=-]{8,}/i.test(text) ||
    /\beyJ[\w-]{8,}\.[\w-]{8,}\./.test(text) ||
    /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text) ||
    /\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s/@:]{0,200}:[^\s/@]{1,200}@/i.test(text) ||
    /[?&](?:[\w-]{0,40}(?:token|secret|password|signature)|api[_-]?key|sig|code)=[^&\s]{4,}/i.test(text)
  );
}

type Plain = Readonly<Record<string, unknown>>;
const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const combining = ['anyOf', 'oneOf', 'allOf', 'if', 'then', 'else'] as const;

class Redaction {
  #left: number;
  readonly #root: unknown;
  readonly #reveals: ReadonlySet<string>;

  constructor(root: unknown, reveals: readonly string[], maxChars: number) {
    this.#left = maxChars;
    this.#root = root;
    this.#reveals = new Set(reveals.map((path) => bare(path.split('.').at(-1) ?? path)));
  }

  value(value: unknown, schemas: readonly Plain[], name: string, depth: number): unknown {
    if (this.#isSecret(value, schemas, name)) return this.#text(mask);
    if (typeof value === 'string') return this.#text(isSecretText(value) ? mask : value);
    if (value === null || typeof value === 'boolean' || typeof value === 'number') {
      this.#left -= 8;
      return value;
    }
    if (typeof value !== 'object') return null;
    if (depth >= maxDepth || this.#left <= 0) return this.#text('[left out]');
    return Array.isArray(value)
      ? this.#list(value, schemas, name, depth)
      : this.#object(value as Plain, schemas, depth);
  }

  #list(list: readonly unknown[], schemas: readonly Plain[], name: string, depth: number): unknown[] {
    const items = this.#resolve(schemas.flatMap((schema) => [schema.items, schema.prefixItems].flat()));
    const kept: unknown[] = [];
    for (const item of list) {
      if (this.#left <= 0) {
        kept.push(`[${list.length - kept.length} more left out]`);
        break;
      }
      kept.push(this.value(item, items, name, depth + 1));
    }
    return kept;
  }

  #object(object: Plain, schemas: readonly Plain[], depth: number): Plain {
    // Headers and custom fields come as pairs: the secret's name is a value itself.
    const pairName = ['name', 'key', 'field', 'label', 'header']
      .map((key) => object[key])
      .find((value): value is string => typeof value === 'string' && this.#secretName(value));
    const kept: [string, unknown][] = [];
    for (const [key, value] of Object.entries(object)) {
      if (this.#left <= 0) {
        kept.push(['…', '[more left out]']);
        break;
      }
      const shown = this.#key(key);
      this.#left -= shown.length + 4;
      const below = this.#resolve(schemas.flatMap((schema) => propertySchemas(schema, key)));
      const isPairValue = pairName !== undefined && bare(key) === 'value';
      const isPairName = pairName !== undefined && value === pairName;
      kept.push([
        shown,
        isPairName ? this.#text(pairName) : this.value(value, below, isPairValue ? 'secret' : key, depth + 1),
      ]);
    }
    return Object.fromEntries(kept);
  }

  #key(key: string): string {
    if (isSecretText(key)) return mask;
    return key.length > 200 ? `${key.slice(0, 200)}…` : key;
  }

  #isSecret(value: unknown, schemas: readonly Plain[], name: string): boolean {
    if (value === null || value === undefined || typeof value === 'boolean' || value === '') return false;
    if (schemas.some((schema) => schema.format === 'password' || schema.writeOnly === true)) return true;
    if (typeof value === 'number' && countsAndPages.test(bare(name))) return false;
    return this.#secretName(name);
  }

  #secretName(name: string): boolean {
    return this.#reveals.has(bare(name)) || isSecretName(name);
  }

  #text(text: string): string {
    const room = Math.max(0, Math.min(maxStringChars, this.#left));
    const kept = text.length <= room ? text : `${text.slice(0, room)}… [cut, ${text.length} characters]`;
    this.#left -= kept.length + 2;
    return kept;
  }

  /** Schemas with what they refer to and combine; untrusted, so at most 64 of them. */
  #resolve(wanted: readonly unknown[]): Plain[] {
    const found: Plain[] = [];
    const queue = [...wanted];
    while (queue.length > 0 && found.length < 64) {
      const schema = queue.shift();
      if (!isPlain(schema) || found.includes(schema)) continue;
      found.push(schema);
      if (typeof schema.$ref === 'string') queue.push(this.#pointer(schema.$ref));
      for (const key of combining) if (schema[key] !== undefined) queue.push(...[schema[key]].flat());
    }
    return found;
  }

  #pointer(reference: string): unknown {
    if (!reference.startsWith('#')) return undefined;
    const steps = reference
      .slice(1)
      .split('/')
      .filter((step) => step !== '');
    return steps.reduce<unknown>((at, step) => {
      const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
      return (isPlain(at) || Array.isArray(at)) && Object.hasOwn(at, key) ? Reflect.get(at, key) : undefined;
    }, this.#root);
  }

  start(value: unknown): unknown {
    return this.value(value, this.#resolve([this.#root]), '', 0);
  }
}

function propertySchemas(schema: Plain, key: string): unknown[] {
  const { properties, additionalProperties } = schema;
  if (isPlain(properties) && Object.hasOwn(properties, key)) return [properties[key]];
  return [additionalProperties];
}

/**
 * @param schema The tool's JSON Schema, untrusted; anything else counts as "says nothing".
 * @param args Any JSON value: arguments, or a result with the schema of the output.
 * @param reveals Names (or dotted paths) that the catalog calls secret, besides those that look so.
 * @returns A copy: strings of at most 2 KB, `maxChars` in all, masks instead of secrets.
 */
export function redactArguments(
  schema: unknown,
  args: unknown,
  reveals: readonly string[],
  maxChars = maxWholeChars,
): unknown {
  return new Redaction(schema, reveals, maxChars).start(args);
}
