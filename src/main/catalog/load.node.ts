/**
 * Reads the compiled catalog (one JSON file made from resources/catalog by the build).
 * Refuses a catalog that does not fit the schema: a wrong request template must never reach a vendor.
 */
import { readFileSync } from 'node:fs';
import { Fault } from '../../preload/contract/reply';
import { type App, catalogSchema } from './app';

/** @throws Fault `catalog_invalid` naming the first places that are wrong. */
export function loadCatalog(path: string): ReadonlyMap<string, App> {
  return parseCatalog(JSON.parse(readFileSync(path, 'utf8')));
}

/** @throws Fault `catalog_invalid`, also for two apps of one id. */
export function parseCatalog(value: unknown): ReadonlyMap<string, App> {
  const parsed = catalogSchema.safeParse(value);
  if (!parsed.success) {
    const places = parsed.error.issues
      .slice(0, 5)
      .map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new Fault('catalog_invalid', `The catalog does not fit its schema: ${places.join('; ')}`);
  }
  const apps = new Map<string, App>();
  for (const app of [...parsed.data].sort((a, b) => a.name.localeCompare(b.name, 'en'))) {
    if (apps.has(app.id)) throw new Fault('catalog_invalid', `The catalog names ${app.id} twice.`);
    apps.set(app.id, app);
  }
  return apps;
}
