/**
 * Holds the tools of one app against a table of the vendor's documented requests, typed by hand: one line a tool,
 * `name METHOD /path?query {body}`, the query as it is sent, or decoded so that one can read it.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { App, AppTool } from '../../src/main/catalog/app';
import { checkArguments } from '../../src/main/catalog/check-arguments';
import { parseCatalog } from '../../src/main/catalog/load.node';
import { baseAddress, buildRequest, type FormValues } from '../../src/main/catalog/request-template';

export function appOf(id: string): App {
  const app = parseCatalog([parse(readFileSync(`resources/catalog/${id}.yaml`, 'utf8'))]).get(id);
  if (app === undefined) throw new Error(`The catalog has no ${id}.`);
  return app;
}

export function toolOf(app: App, name: string): AppTool {
  const tool = app.tools.find((one) => one.name === name);
  if (tool === undefined) throw new Error(`No tool ${name}.`);
  return tool;
}

export function exampleArguments(tool: AppTool): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(tool.input.properties).flatMap(([name, schema]) =>
      Array.isArray(schema.examples) ? [[name, schema.examples[0]]] : [],
    ),
  );
}

/**
 * @param table One line for every tool, in the order of the catalog.
 * @param root  What the table leaves out of every address; the base address where it is not given.
 */
export function describeRequests(
  app: App,
  values: FormValues,
  table: string,
  root = baseAddress(app, values),
): void {
  const documented = table
    .trim()
    .split('\n')
    .map((line) => {
      const [, tool = '', method = '', target = '', body = ''] =
        /^(\S+) (\S+) (.*?)(?: (\{.*|\[.*))?$/.exec(line) ?? [];
      return { tool, wanted: `${method} ${target}`, body };
    });

  describe(`the requests of ${app.name}`, () => {
    it(`are exactly the ${documented.length} documented tools`, () => {
      expect(app.tools.map((tool) => tool.name)).toEqual(documented.map(({ tool }) => tool));
    });

    it.each(documented)('$tool is $wanted', ({ tool, wanted, body }) => {
      const args = exampleArguments(toolOf(app, tool));
      expect(checkArguments(toolOf(app, tool).input, args)).toBeUndefined();
      const request = buildRequest(app, toolOf(app, tool), args, values);
      expect(request.url.startsWith(`${root}/`)).toBe(true);
      const sent = request.url.slice(root.length);
      const [path = '', query] = sent.split('?');
      const readable =
        query === undefined ? path : `${path}?${decodeURIComponent(query.replaceAll('+', ' '))}`;
      expect([`${request.method} ${sent}`, `${request.method} ${readable}`]).toContain(wanted);
      expect(request.body ?? '').toBe(body);
    });

    it('describe every argument and give an example of it', () => {
      for (const tool of app.tools)
        for (const [name, schema] of Object.entries(tool.input.properties)) {
          expect(schema.description, `${tool.name} ${name}`).toBeTypeOf('string');
          expect(Array.isArray(schema.examples), `${tool.name} ${name}`).toBe(true);
        }
    });
  });
}
