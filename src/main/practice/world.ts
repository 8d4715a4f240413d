/**
 * Makes the records of one simulated vendor from the world that all of them share.
 * Refuses a blank that the world cannot fill: a typing error must not become a missing field.
 */
import type { Item } from './conditions';
import { fillTemplate, valueAtPath } from './fill-template';
import type { Samples, World } from './samples';

export function recordsOf(samples: Samples, world: World): Map<string, Item[]> {
  return new Map(
    Object.entries(samples.records).map(([name, made]) => [
      name,
      Array.isArray(made) ? structuredClone(made) : eachOf(world, made),
    ]),
  );
}

type Made = Exclude<Samples['records'][string], readonly unknown[]>;

function eachOf(world: World, { each, where, as }: Made): Item[] {
  const entities = world.entities[each];
  if (entities === undefined) throw new Error(`The practice world has no ${each}.`);
  return entities
    .filter((entity) =>
      Object.entries(where).every(([path, wanted]) => lookUp(world, entity, path) === wanted),
    )
    .map((entity) => {
      const item = fillTemplate(as, (path) => {
        const value = lookUp(world, entity, path);
        if (value === undefined) throw new Error(`The practice world has no ${path} in ${each}.`);
        return value;
      });
      return Object.fromEntries(Object.entries(item as object));
    });
}

/** `customer.name` goes over the entity that `customer` names. Null where a link is empty. */
function lookUp(world: World, entity: Item, path: string): unknown {
  const [name = '', ...deeper] = path.split('.');
  const value = valueAtPath(entity, name);
  if (deeper.length === 0) return value;
  const target = world.links[name];
  if (target === undefined) return valueAtPath(value, deeper.join('.'));
  if (value === null) return null;
  const found = world.entities[target]?.find(({ key }) => key === value);
  return found === undefined ? undefined : lookUp(world, found, deeper.join('.'));
}
