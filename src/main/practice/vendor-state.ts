/**
 * The records of a simulated vendor and what calls do to them, in memory only.
 * Refuses unknown ids, filters it does not understand and arguments that the tool's schema does not allow, in the vendor's own
 * error shape.
 */
import { checkArguments } from '../catalog/check-arguments';
import type { Item } from './conditions';
import { fillTemplate, valueAtPath } from './fill-template';
import { type AskedPage, listed } from './list-records';
import type { MatchedCall } from './match-request';
import { jsonPatched } from './patch';
import type { Dialect, Samples, ToolAnswer } from './samples';
import { type Args, asItem, isSame, needed, select, wantedOf } from './select-records';
import { notFound, type StateAnswer, vendorError } from './vendor-answer';

export interface VendorState {
  /** @param body Parsed JSON, untrusted. */
  answer(call: MatchedCall, body: unknown, page: AskedPage): StateAnswer;
}

export function createVendorState(samples: Samples, made: ReadonlyMap<string, Item[]>): VendorState {
  const records = new Map([...made].map(([name, items]) => [name, structuredClone(items)]));
  const { dialect } = samples;
  let newest = Math.max(1000, ...[...records.values()].flat().map((item) => Number(item[dialect.id]) || 0));
  const newId = (): string | number => {
    newest += 1;
    if (dialect.newIds === 'number') return newest;
    if (dialect.newIds === 'text') return String(newest);
    return `00000000-0000-4000-8000-${String(newest).padStart(12, '0')}`;
  };

  return {
    answer({ tool, args }, body, page) {
      const rule = samples.answers[tool.name];
      if (rule === undefined) return vendorError(dialect, 501, `There is no sample for ${tool.name}`);
      const wrong = checkArguments(tool.input, args);
      if (wrong !== undefined) return vendorError(dialect, 400, wrong);
      const refused = [...dialect.refuse, ...rule.refuse].find((name) => args[name] !== undefined);
      if (refused !== undefined)
        return vendorError(dialect, 400, `The practice workspace does not understand ${refused}`);
      if (!needed(records, rule, args)) return notFound(dialect);
      const items = records.get(rule.in ?? '') ?? [];
      const selected = select(items, rule, args);
      switch (rule.do) {
        case 'say':
          return { status: rule.status ?? 200, json: fillTemplate(rule.as ?? {}, (name) => args[name]) };
        case 'list':
        case 'count':
          return listed(dialect, rule, args, selected, page);
        case 'get':
          return selected[0] === undefined ? notFound(dialect) : one(dialect, rule, selected[0]);
        case 'remove':
          return remove(dialect, rule, items, selected);
        case 'change':
          return change(dialect, rule, args, items, selected, body);
        case 'add': {
          const sent = sentRecord(rule, body);
          if (sent === undefined) return vendorError(dialect, 400, 'The body does not hold a record');
          const item = merged({ [rule.id ?? dialect.id]: newId(), ...sent }, filledSet(rule, args));
          items.push(item);
          records.set(rule.in ?? '', items);
          return one(dialect, { status: dialect.addedStatus, ...rule }, item);
        }
      }
    },
  };
}

function one(dialect: Dialect, rule: Pick<ToolAnswer, 'as' | 'status'>, item: Item): StateAnswer {
  return { status: rule.status ?? 200, json: fillTemplate(rule.as ?? dialect.one, blanksOf(item)) };
}

function blanksOf(item: Item): (name: string) => unknown {
  return (name) => (name === '$item' ? item : name === '$items' ? [item] : valueAtPath(item, name));
}

function remove(dialect: Dialect, rule: ToolAnswer, items: Item[], gone: readonly Item[]): StateAnswer {
  if (gone[0] === undefined) return notFound(dialect);
  items.splice(0, items.length, ...items.filter((item) => !gone.includes(item)));
  const status = rule.status ?? dialect.removedStatus;
  return status === 204 ? { status } : one(dialect, { ...rule, status }, gone[0]);
}

function change(
  dialect: Dialect,
  rule: ToolAnswer,
  args: Args,
  items: Item[],
  selected: readonly Item[],
  body: unknown,
): StateAnswer {
  const before = selected[0];
  if (before === undefined || everyWantedIsThere(rule, args, selected) === false) return notFound(dialect);
  let answered: Item = before;
  for (const item of selected) {
    const sent = rule.patch === true ? jsonPatched(item, body) : merged(item, sentRecord(rule, body) ?? {});
    if (sent === undefined) return vendorError(dialect, 400, 'The patch operations are not valid');
    const after = merged(sent, filledSet(rule, args));
    items[items.indexOf(item)] = after;
    if (item === before) answered = after;
  }
  const status = rule.status ?? 200;
  return status === 204 ? { status } : one(dialect, { ...rule, status }, answered);
}

/** Objects inside are merged as well: what was not sent stays. */
function merged(item: Item, more: Item): Item {
  const inner = Object.entries(more).map(([name, value]) => {
    const before = asItem(item[name]);
    const after = asItem(value);
    return [name, before === undefined || after === undefined ? value : merged(before, after)] as const;
  });
  return { ...item, ...Object.fromEntries(inner) };
}

/** A list of ids changes all of them or none. */
function everyWantedIsThere(rule: ToolAnswer, args: Args, selected: readonly Item[]): boolean {
  return wantedOf(rule.where, args).every(
    ([path, wanted]) =>
      !Array.isArray(wanted) ||
      wanted.every((value) => selected.some((item) => isSame(valueAtPath(item, path), value))),
  );
}

function sentRecord(rule: ToolAnswer, body: unknown): Item | undefined {
  if (rule.take === '') return {};
  const whole = rule.take === undefined ? body : valueAtPath(body, rule.take);
  if (whole === undefined) return {};
  return asItem(Array.isArray(whole) ? whole[0] : whole);
}

function filledSet(rule: ToolAnswer, args: Args): Item {
  return Object.fromEntries(wantedOf(rule.set, args).filter(([, value]) => value !== undefined));
}
