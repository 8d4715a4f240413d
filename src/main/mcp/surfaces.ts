/**
 * Resources and prompts of a server as rows of its policies: one entry each beside its tools, with a definition of our own, so that
 * seeding, drift, approval and log are the same as for a tool. Refuses a server's tool that calls itself by one of their names.
 */
import type { ServerTool, Surface } from './tool-server';

type Definition = Readonly<Record<string, unknown>> & {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: Readonly<Record<string, unknown>>;
};

/** Longer addresses and names are nobody's. */
export const maxUriChars = 8_192;
const maxNameChars = 1_024;

/** What completes an argument while it is typed counts as a read under the same row. */
const completion = {
  ref: { type: 'object' },
  argument: {
    type: 'object',
    properties: { name: { type: 'string' }, value: { type: 'string' } },
    required: ['name', 'value'],
  },
  context: { type: 'object' },
};
const texts = { type: 'object', additionalProperties: { type: 'string' } };

/** A change of these words is a change of the definition: every server's row would ask again. */
const definitions: Readonly<Record<Exclude<Surface, 'tool'>, Definition>> = {
  resources: {
    name: 'resources/read',
    title: 'Resources',
    description: 'All resources that this server offers: listing them, and reading each by its address.',
    inputSchema: {
      type: 'object',
      properties: { uri: { type: 'string', minLength: 1, maxLength: maxUriChars }, ...completion },
      anyOf: [{ required: ['uri'] }, { required: ['ref', 'argument'] }],
      additionalProperties: false,
    },
    annotations: { readOnlyHint: true },
  },
  prompts: {
    name: 'prompts/get',
    title: 'Prompts',
    description: 'All prompts that this server offers: listing them, and getting each with its arguments.',
    inputSchema: {
      type: 'object',
      properties: {
        name: { type: 'string', minLength: 1, maxLength: maxNameChars },
        arguments: texts,
        ...completion,
      },
      anyOf: [{ required: ['name'] }, { required: ['ref', 'argument'] }],
      additionalProperties: false,
    },
    annotations: { readOnlyHint: true },
  },
};

const surfaceByName: ReadonlyMap<string, Surface> = new Map([
  [definitions.resources.name, 'resources'],
  [definitions.prompts.name, 'prompts'],
]);

/** `tool` for every name that is not reserved. */
export const surfaceNamed = (name: string): Surface => surfaceByName.get(name) ?? 'tool';

/** Entries for what a server declares. @param capabilities Untrusted. */
export function declaredSurfaces(capabilities: {
  readonly resources?: unknown;
  readonly prompts?: unknown;
}): readonly Definition[] {
  return (['resources', 'prompts'] as const).flatMap((surface) =>
    capabilities[surface] === undefined ? [] : [definitions[surface]],
  );
}

/** The request that a row stands for, for people: `tools/call get-order`, `resources/read`. */
export function requestOf({ surface, name }: Pick<ServerTool, 'surface' | 'name'>): string {
  return surface === 'tool' ? `tools/call ${name}` : name;
}
