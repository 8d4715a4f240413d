/**
 * The samples of every simulated vendor: each tool of the catalog, called with the examples of its schema, is found again from
 * its request and answered with success.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { App, AppTool } from '../../../src/main/catalog/app';
import { parseCatalog } from '../../../src/main/catalog/load.node';
import { baseAddress, buildRequest, buildTestRequest } from '../../../src/main/catalog/request-template';
import { valueAt } from '../../../src/main/catalog/vendor-answer';
import { fillTemplate } from '../../../src/main/practice/fill-template';
import { matchRequest } from '../../../src/main/practice/match-request';
import { type Samples, samplesSchema, worldSchema } from '../../../src/main/practice/samples';
import type { StateAnswer } from '../../../src/main/practice/vendor-answer';
import { createVendorState } from '../../../src/main/practice/vendor-state';
import { recordsOf } from '../../../src/main/practice/world';

const origin = 'https://vendor.practice.invalid';
const world = worldSchema.parse(JSON.parse(readFileSync('resources/practice/world.json', 'utf8')));
const apps = readdirSync('resources/catalog')
  .map((file) => file.replace(/\.yaml$/, ''))
  .filter((id) => existsSync(`resources/practice/${id}.json`))
  .map((id) => {
    const app = parseCatalog([parse(readFileSync(`resources/catalog/${id}.yaml`, 'utf8'))]).get(id);
    if (app === undefined) throw new Error(`No app ${id}.`);
    const samples = samplesSchema.parse(
      JSON.parse(readFileSync(`resources/practice/${id}.json`, 'utf8').replaceAll('{origin}', origin)),
    );
    return { id, app, samples };
  });

/** Every argument has an example; those that the simulator does not understand are left out. */
function exampleArguments(tool: AppTool, samples: Samples): Record<string, unknown> {
  const refused = new Set([...samples.dialect.refuse, ...(samples.answers[tool.name]?.refuse ?? [])]);
  return Object.fromEntries(
    Object.entries(tool.input.properties).flatMap(([name, schema]) => {
      const example: unknown = Array.isArray(schema.examples) ? schema.examples[0] : undefined;
      return refused.has(name) ? [] : [[name, example]];
    }),
  );
}

function openValues(app: App, samples: Samples): Record<string, string> {
  const found = Object.entries(app.discover?.values ?? {}).map(([name, place]) => [
    name,
    String(
      valueAt(
        fillTemplate(samples.discover ?? {}, () => ''),
        place,
      ),
    ).replace(/\/+$/, ''),
  ]);
  return { ...samples.values, ...Object.fromEntries(found) };
}

function ask(
  app: App,
  samples: Samples,
  request: { method: string; url: string; body?: string | undefined },
) {
  const url = new URL(request.url);
  const root = new URL(baseAddress(app, openValues(app, samples))).pathname.replace(/\/+$/, '');
  const body: unknown = request.body === undefined ? undefined : JSON.parse(request.body);
  const path = url.pathname.slice(root.length);
  const call = matchRequest(app, { method: request.method, path, query: url.searchParams, body });
  const answer = (): StateAnswer | undefined =>
    call === undefined
      ? undefined
      : createVendorState(samples, recordsOf(samples, world)).answer(call, body, {
          page: undefined,
          first: 1,
          size: undefined,
          addressOf: () => '/next',
        });
  return { call, answer, path };
}

describe.each(apps)('the samples of $id', ({ app, samples }) => {
  it('fill the whole connect form', () => {
    const required = app.auth.fields.filter((field) => field.required).map((field) => field.name);
    expect(Object.keys(samples.values)).toEqual(expect.arrayContaining(required));
    for (const name of Object.keys(samples.values))
      expect(app.auth.fields.map((field) => field.name)).toContain(name);
  });

  it('tell of the same customers, people, devices and tickets as those of every other vendor', () => {
    const told = JSON.stringify([...recordsOf(samples, world).values()]);
    const named = Object.entries(world.entities)
      .filter(([name]) => ['customers', 'people', 'devices', 'tickets'].includes(name))
      .flatMap(([, entities]) => entities.map((one) => String(one.name ?? one.summary)));
    expect(told).toContain('Fabrikam GmbH');
    expect(named.filter((name) => told.includes(name)).length).toBeGreaterThan(4);
  });

  it('answer every tool of the catalog and nothing else', () => {
    expect(Object.keys(samples.answers).sort()).toEqual(app.tools.map((tool) => tool.name).sort());
  });

  it('answer the test of the connection with what it expects', () => {
    const request = buildTestRequest(app, openValues(app, samples));
    const { answer, path } = ask(app, samples, request);
    const json = samples.paths[path] ?? answer()?.json;
    if (app.test.isList === true) expect(Array.isArray(json)).toBe(true);
    for (const place of app.test.expect) expect(valueAt(json, place), place).toBeDefined();
  });

  it.each(app.tools.map((tool) => [tool.name, tool] as const))('answer %s', (name, tool) => {
    const args = exampleArguments(tool, samples);
    const request = buildRequest(app, tool, args, openValues(app, samples));
    const { call, answer } = ask(app, samples, request);
    expect(call?.tool.name).toBe(name);
    const answered = answer();
    expect([200, 201, 202, 204], JSON.stringify(answered?.json)).toContain(answered?.status);
    if (samples.answers[name]?.do !== 'list') return;
    // A list that is empty without any filter teaches nobody anything.
    const needed = Object.fromEntries(tool.input.required.map((key) => [key, args[key]]));
    const state = createVendorState(samples, recordsOf(samples, world));
    expect(JSON.stringify(state.answer({ tool, args: needed }, {}, page).json)).toMatch(/\[\{|\{.*\{/);
  });
});

const page = { page: undefined, first: 1, size: undefined, addressOf: () => '/next' };

describe('the practice world', () => {
  it('has no link that leads nowhere', () => {
    const lost = Object.entries(world.entities).flatMap(([name, entities]) =>
      entities.flatMap((entity) =>
        Object.entries(world.links).flatMap(([field, target]) => {
          const key = entity[field];
          if (key === undefined || key === null) return [];
          return world.entities[target]?.some((one) => one.key === key) === true
            ? []
            : [`${name}: ${String(key)}`];
        }),
      ),
    );
    expect(lost).toEqual([]);
  });
});
