/**
 * Finds the catalog tool that a request of method and path belongs to.
 * Refuses what no tool names: the simulator knows exactly the requests of the catalog.
 */
import type { App, AppTool } from '../catalog/app';

export interface Route {
  readonly tool: AppTool;
  /** Decoded path parameters by name. */
  readonly params: Readonly<Record<string, string>>;
}

/** @param path Below the base address, still encoded, without the query. */
export function findRoute(app: App, method: string, path: string): Route | undefined {
  const asked = path.split('/');
  let best: Route | undefined;
  for (const tool of app.tools) {
    if (tool.request.method !== method) continue;
    const params = match(tool.request.path.split('/'), asked);
    if (params === undefined) continue;
    const closer = best === undefined || Object.keys(params).length < Object.keys(best.params).length;
    if (closer) best = { tool, params };
  }
  return best;
}

function match(template: readonly string[], asked: readonly string[]): Record<string, string> | undefined {
  if (template.length !== asked.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of template.entries()) {
    const given = asked[index] ?? '';
    const name = /^\{(.+)\}$/.exec(part)?.[1];
    if (name === undefined) {
      if (part !== given) return undefined;
    } else {
      const text = decoded(given);
      if (text === undefined || text === '') return undefined;
      params[name] = text;
    }
  }
  return params;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
