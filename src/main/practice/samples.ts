/**
 * The shape of `resources/practice/<app id>.json`: what a simulated vendor holds and how it answers each tool of the catalog.
 * Data and no code; a key that is not known here is an error.
 */
import { z } from 'zod';
import type { Json } from './fill-template';

const json: z.ZodType<Json> = z.lazy(() =>
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(json), z.record(z.string(), json)]),
);
const constants = z.record(z.string(), json);

/** Records written out, or made from the world: one for each of its entities, blanks filled from the entity. */
const recordsSchema = z.union([
  z.array(constants),
  z.strictObject({ each: z.string(), where: constants.default({}), as: constants }),
]);

/** How one tool is answered. `{name}` is an argument of the call. */
const answerSchema = z.strictObject({
  do: z.enum(['list', 'count', 'get', 'add', 'change', 'remove', 'say']),
  in: z.string().optional(),
  /** Field of a record (dotted) and what it must be. A list of wanted values means one of them. */
  where: constants.default({}),
  /** Field of a record and a part of its text, without regard to case. */
  contains: constants.default({}),
  /** Records that must be there, or the vendor says 404: `{ "tickets": { "id": "{id}" } }`. */
  needs: z.record(z.string(), constants).default({}),
  /** Arguments that this simulator does not understand: it says 400 rather than an unfiltered list. */
  refuse: z.array(z.string()).default([]),
  /** Place of the record within the body that was sent; the whole body where it is left out. */
  take: z.string().optional(),
  /** The field that names a new record, where it is another one than that of the dialect. */
  id: z.string().optional(),
  /** The body is a JSON Patch (RFC 6902). */
  patch: z.boolean().optional(),
  /** Fields of a new or changed record besides what was sent. */
  set: constants.default({}),
  /** The answer: `{$item}`, `{$items}`, `{$total}`, `{$count}`, `{$page}`, `{$size}`, `{$next}`. */
  as: json.optional(),
  status: z.number().int().min(200).max(299).optional(),
});
export type ToolAnswer = z.infer<typeof answerSchema>;

export const samplesSchema = z.strictObject({
  /** Sample values of the connect form. `{origin}` is the address of the simulated vendor. */
  values: z.record(z.string(), z.string()),
  /** Answers of requests that are no tool, by path below the base address: the test of the connection, for example. */
  paths: z.record(z.string(), json).default({}),
  /** The answer of `discover`; `{origin}` as above. */
  discover: json.optional(),
  dialect: z.strictObject({
    /** How a list, one record and a failure are wrapped. Of a failure: `{$status}`, `{$code}`, `{$message}`. */
    list: json,
    one: json,
    error: json,
    /** What a wrong key is told; `error` with a plain sentence where it is left out. */
    unauthorized: json.optional(),
    addedStatus: z.number().int().default(200),
    removedStatus: z.number().int().default(200),
    /** The field that names a record, and what new ones are. */
    id: z.string().default('id'),
    newIds: z.enum(['number', 'text', 'guid']).default('number'),
    pageSize: z.number().int().positive().default(50),
    /** The page parameter counts records, not pages. */
    offset: z.boolean().default(false),
    /** Sends a Link header (RFC 8288). */
    link: z.boolean().default(false),
    /** Arguments with conditions, an order and a choice of fields, in the words of the vendor; comparisons joined by `and`. */
    conditions: z
      .strictObject({ filter: z.string(), order: z.string().optional(), fields: z.string().optional() })
      .optional(),
    /** An argument that is a list of `{ op, field, value }`. */
    filterList: z.string().optional(),
    /** As in an answer, for every list of this vendor. */
    refuse: z.array(z.string()).default([]),
  }),
  records: z.record(z.string(), recordsSchema),
  /** One entry for every tool of the app. */
  answers: z.record(z.string(), answerSchema),
});
export type Samples = z.infer<typeof samplesSchema>;
export type Dialect = Samples['dialect'];

/**
 * `resources/practice/world.json`: customers, people, devices and tickets that all simulated vendors share, so that a story can
 * be followed from one to the other. Each entity has a `key`; `links` says where a field holds the key of another entity.
 */
export const worldSchema = z.strictObject({
  links: z.record(z.string(), z.string()),
  entities: z.record(z.string(), z.array(z.looseObject({ key: z.string() }))),
});
export type World = z.infer<typeof worldSchema>;
