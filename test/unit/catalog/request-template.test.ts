import { describe, expect, it } from 'vitest';
import { type App, appSchema } from '../../../src/main/catalog/app';
import { buildRequest } from '../../../src/main/catalog/request-template';

type Template = Record<string, unknown>;

function appWith(request: Template): App {
  return appSchema.parse({
    id: 'vendor',
    name: 'Vendor',
    vendor: 'Vendor',
    category: 'PSA',
    summary: 'A vendor',
    website: 'https://vendor.example',
    docs: 'https://vendor.example/docs',
    logo: { initials: 'V', colour: '#000000' },
    alias: 'vendor',
    auth: { kind: 'credentials', fields: [{ name: 'key', label: 'Key', help: 'The key.', secret: true }] },
    baseUrl: 'https://api.vendor.example/v1',
    account: '',
    test: { path: '/me', expect: ['id'] },
    revoke: { kind: 'byHand', sentence: 'Delete the key by hand.' },
    limits: { concurrency: 1 },
    errors: { message: 'message' },
    tools: [
      {
        name: 'do-thing',
        title: 'Do a thing',
        description: 'Does a thing that is only there for a test.',
        access: 'write',
        input: { type: 'object', additionalProperties: false },
        request,
        summary: 'Do a thing',
      },
    ],
  });
}

function built(request: Template, args: Record<string, unknown>) {
  const app = appWith(request);
  const [tool] = app.tools;
  if (tool === undefined) throw new Error('The app has no tool.');
  const { url, body, headers } = buildRequest(app, tool, args, {});
  return { url: url.slice('https://api.vendor.example/v1'.length), body: body && JSON.parse(body), headers };
}

describe('a request template', () => {
  it('sends arguments under the names of the vendor, constants as they are, and nothing for what is absent', () => {
    const request = {
      method: 'GET',
      path: '/things',
      query: { 'filter[name]': '{filterName}', 'page[size]': '{pageSize}', show_password: false },
    };
    expect(built(request, { filterName: 'A & B' }).url).toBe(
      '/things?filter%5Bname%5D=A+%26+B&show_password=false',
    );
  });

  it('fills a nested body with types kept, and drops what only absent arguments would fill', () => {
    const request = {
      method: 'POST',
      path: '/things',
      body: {
        data: { type: 'things', attributes: { name: '{name}', count: '{count}' }, meta: { by: '{by}' } },
      },
      headers: { 'Content-Type': 'application/vnd.api+json' },
    };
    const { body, headers } = built(request, { name: 'x', count: 0 });
    expect(body).toEqual({ data: { type: 'things', attributes: { name: 'x', count: 0 } } });
    expect(headers['Content-Type']).toBe('application/vnd.api+json');
  });

  it('wraps a body in a list of one', () => {
    const request = { method: 'POST', path: '/things', body: ['id', 'name'], inList: true };
    expect(built(request, { id: 7 }).body).toEqual([{ id: 7 }]);
  });

  it('never takes an argument of a prototype', () => {
    const request = { method: 'POST', path: '/things', body: { a: '{constructor}', b: '{name}' } };
    expect(built(request, { name: 'x' }).body).toEqual({ b: 'x' });
  });

  it('leaves text alone that only looks like a template inside of other text', () => {
    const request = { method: 'POST', path: '/things', body: { a: 'see {name}' } };
    expect(built(request, { name: 'x' }).body).toEqual({ a: 'see {name}' });
  });

  it.each(['/a/../b', '/a//b', '/./a', '/a?b=c', 'https://evil.example/a', '/a#b', '/a\\b'])(
    'has no path such as %s',
    (path) => {
      expect(() => appWith({ method: 'GET', path })).toThrow();
    },
  );
});
