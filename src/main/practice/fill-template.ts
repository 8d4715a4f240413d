/**
 * JSON with blanks. A text that is exactly one blank takes the value with its type (`{number as text}`: as a text); a blank
 * within a text takes it as text.
 * Data of the practice workspace is written so. Refuses nothing: what has no value is left out.
 */
import { valueAt } from '../catalog/vendor-answer';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** @param blank Answers a blank by its name; undefined leaves the entry out. */
export function fillTemplate(template: Json, blank: (name: string) => unknown): unknown {
  if (typeof template === 'string') return fillText(template, blank);
  if (typeof template !== 'object' || template === null) return template;
  if (isList(template))
    return template.map((item) => fillTemplate(item, blank)).filter((item) => item !== undefined);
  return Object.fromEntries(
    Object.entries(template)
      .map(([name, inner]) => [name, fillTemplate(inner, blank)] as const)
      .filter(([, value]) => value !== undefined),
  );
}

function fillText(text: string, blank: (name: string) => unknown): unknown {
  const [, only, asText] = /^\{([^{}]+?)( as text)?\}$/.exec(text) ?? [];
  if (only !== undefined) return asText === undefined ? blank(only) : String(blank(only));
  return text.replace(/\{([^{}]+)\}/g, (_, name: string) => String(blank(name) ?? ''));
}

function isList(template: Json): template is readonly Json[] {
  return Array.isArray(template);
}

/** The value at `company.name` or `company/name`; undefined when it is not there. */
export function valueAtPath(item: unknown, path: string): unknown {
  return valueAt(item, path.replaceAll('/', '.'));
}
