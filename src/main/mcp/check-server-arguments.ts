/**
 * Checks arguments against the input schema of a custom server's tool. The schema is untrusted: nothing is fetched,
 * no pattern may run for long, and one that does not compile refuses its own tool only.
 */
import { Ajv, type ErrorObject, type Options, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';

type Check = (args: unknown) => string | undefined;

const options: Options = {
  strict: false,
  validateFormats: false,
  ownProperties: true,
  // A schema's own `$id` must not get in the way of another's.
  addUsedSchema: false,
  logger: false,
  code: { regExp: Object.assign(boundedPattern, { code: 'boundedPattern' }) },
};
const maxKept = 20_000;
/** Characters to the power of what a pattern may try; above it the server itself has to check. */
const maxSteps = 1e8;

type Schema = Readonly<Record<string, unknown>>;

const compilers = new Map<'2020-12' | 'draft-07', Ajv | Ajv2020>();

/** The compiler of a schema's dialect, and the schema without the word for it. */
function compilerFor(schema: Schema): { readonly ajv: Ajv | Ajv2020; readonly rest: Schema } {
  const { $schema, ...rest } = schema;
  const isOld = typeof $schema === 'string' && /json-schema\.org\/draft-0[4-7]/.test($schema);
  const dialect = isOld ? 'draft-07' : '2020-12';
  const ajv = compilers.get(dialect) ?? (isOld ? new Ajv(options) : new Ajv2020(options));
  compilers.set(dialect, ajv);
  return { ajv, rest };
}

/** @throws Error in words of the compiler. */
function compile(schema: Schema): ValidateFunction {
  const { ajv, rest } = compilerFor(schema);
  try {
    return ajv.compile(rest);
  } finally {
    ajv.removeSchema(rest);
  }
}

/**
 * Why a schema is of no use, in a few words; undefined when it compiles. To compile those of 5,000 tools takes seconds, so only those
 * that refer to something are; the others are held against the schema of schemas, and their patterns are tried.
 *
 * @param schema Untrusted, of bounded depth.
 */
export function schemaProblem(schema: Schema): string | undefined {
  try {
    if (someMember(schema, (key, value) => references.has(key) && typeof value === 'string')) compile(schema);
    else {
      const { ajv, rest } = compilerFor(schema);
      ajv.validateSchema(rest, true);
      someMember(rest, (key, value) => {
        if (key === 'pattern' && typeof value === 'string') new RegExp(value, 'u');
        if (key === 'patternProperties') for (const one of Object.keys(Object(value))) new RegExp(one, 'u');
        return false;
      });
    }
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.slice(0, 200) : 'it does not compile';
  }
}

const references = new Set(['$ref', '$dynamicRef', '$recursiveRef', '$id', '$anchor', '$dynamicAnchor']);
/** Members of a schema that hold values and no schemas. */
const holdsValues: ReadonlySet<string> = new Set([
  'const',
  'enum',
  'default',
  'examples',
  'required',
  'type',
]);

function someMember(schema: unknown, is: (key: string, value: unknown) => boolean): boolean {
  if (typeof schema !== 'object' || schema === null) return false;
  return Object.entries(schema).some(
    ([key, value]) => is(key, value) || (!holdsValues.has(key) && someMember(value, is)),
  );
}

/** The checks of all custom tools, compiled at the first call of each and kept by the hash of the definition. */
export class ServerArgumentChecks {
  readonly #checks = new Map<string, Check>();

  /** The sentence that says what is wrong; undefined when nothing is. */
  check(definitionHash: string, schema: unknown, args: unknown): string | undefined {
    let check = this.#checks.get(definitionHash);
    if (check === undefined) {
      if (this.#checks.size >= maxKept) this.#checks.clear();
      check = this.#compile(schema);
      this.#checks.set(definitionHash, check);
    }
    return check(args);
  }

  #compile(schema: unknown): Check {
    let validate: ValidateFunction;
    try {
      validate = compile(typeof schema === 'object' && schema !== null ? { ...schema } : {});
    } catch (error) {
      const why = error instanceof Error ? error.message.slice(0, 200) : 'it does not compile';
      return () => `This tool cannot be called: its input schema is not usable (${why}).`;
    }
    return (args) => (validate(args) ? undefined : inWords(validate.errors ?? []));
  }
}

function inWords(errors: readonly ErrorObject[]): string {
  const problems = errors.slice(0, 5).map((error) => {
    const place =
      error.instancePath === '' ? 'the arguments' : error.instancePath.slice(1).replaceAll('/', '.');
    if (error.keyword === 'required')
      return `${place}: ${String(error.params.missingProperty).slice(0, 80)} is required`;
    if (error.keyword === 'additionalProperties')
      return `${place}: ${String(error.params.additionalProperty).slice(0, 80)} is not known`;
    if (error.keyword === 'enum')
      return `${place} must be one of ${JSON.stringify(error.params.allowedValues).slice(0, 300)}`;
    return `${place} ${error.message ?? 'is wrong'}`;
  });
  return `The arguments do not fit: ${problems.join('; ')}. Correct them and call again.`;
}

/**
 * A pattern that can only cost so much: repeated groups and references back are left to the server, and the longer a
 * text, the fewer repetitions are tried on it.
 */
function boundedPattern(pattern: string, flags: string): { test(text: string): boolean; toString(): string } {
  const expression = new RegExp(pattern, flags);
  const plain = pattern.replace(/\\./g, '').replace(/\[[^\]]*\]/g, '');
  const repeats = (plain.match(/[*+]|\{\d*,/g) ?? []).length;
  const isCostly = /\)[*+{]/.test(plain) || /\\[1-9k]/.test(pattern);
  return {
    test: (text) => isCostly || text.length ** (repeats + 1) > maxSteps || expression.test(text),
    // Ajv keeps patterns apart by this.
    toString: () => String(expression),
  };
}
