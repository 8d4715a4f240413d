/**
 * Checks the arguments of a call against the tool's JSON Schema (2020-12) and answers in words that a model can
 * correct. Compiles each schema once; refuses what the schema does not name.
 */
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';

const ajv = new Ajv2020({ allErrors: true, strict: false, validateFormats: false, ownProperties: true });
const compiled = new WeakMap<object, ValidateFunction>();

/** The sentence that says what is wrong; undefined when nothing is. */
export function checkArguments(schema: object, args: unknown): string | undefined {
  let validate = compiled.get(schema);
  if (validate === undefined) {
    validate = ajv.compile(schema);
    compiled.set(schema, validate);
  }
  if (validate(args)) return undefined;
  const problems = (validate.errors ?? []).slice(0, 5).map(inWords);
  return `The arguments do not fit: ${problems.join('; ')}. Correct them and call again.`;
}

function inWords(error: ErrorObject): string {
  const place =
    error.instancePath === '' ? 'the arguments' : error.instancePath.slice(1).replaceAll('/', '.');
  if (error.keyword === 'required') return `${place}: ${String(error.params.missingProperty)} is required`;
  if (error.keyword === 'additionalProperties') {
    return `${place}: ${String(error.params.additionalProperty).slice(0, 80)} is not known`;
  }
  if (error.keyword === 'enum')
    return `${place} must be one of ${JSON.stringify(error.params.allowedValues)}`;
  return `${place} ${error.message ?? 'is wrong'}`;
}
