/**
 * What the window hears of AI clients and their configuration files. Files and entries are named by ids of main; no shape has room for
 * a token or for the text of a file.
 */
import { z } from 'zod';
import { agentIdSchema, connectionIdSchema, signInWaySchema } from './shapes';

const line = (max: number) => z.string().max(max);
const path = line(1000);
const fileIdSchema = z.string().regex(/^[a-z0-9-]{1,60}$/);
export const undoIdSchema = z.string().regex(/^und_[a-z0-9]{8,40}$/);
/** Hash of the file that was looked at; empty where there was none. */
export const basisSchema = z.string().regex(/^(?:[0-9a-f]{64})?$/);

export const wantedWrite = z.strictObject({
  fileId: fileIdSchema,
  agentId: agentIdSchema,
  token: z.string().min(1).max(200),
});

const clientFileView = z.object({
  fileId: fileIdSchema,
  label: line(60),
  path,
  /** `folder`: the client is here, the file is not yet. */
  state: z.enum(['file', 'folder', 'missing']),
});

export const clientsView = z.object({
  clients: z
    .array(
      z.object({
        id: line(40),
        name: line(40),
        /** What a person does so that the client reads it. */
        afterwards: line(300),
        files: z.array(clientFileView).max(10),
      }),
    )
    .max(40),
  /** For clients that are not in the list; `{{token}}` stands where the token belongs. */
  texts: z.array(z.object({ label: line(80), text: line(4000) })).max(4),
});
export type ClientsView = z.infer<typeof clientsView>;
export type ClientView = ClientsView['clients'][number];

export const previewView = z.object({
  path,
  isNewFile: z.boolean(),
  basis: basisSchema,
  /** The file says so already. */
  isSame: z.boolean(),
  difference: z
    .array(z.object({ kind: z.enum(['added', 'removed', 'same', 'gap']), text: line(400) }))
    .max(400),
});
export type PreviewView = z.infer<typeof previewView>;

export const writtenView = z.object({ undoId: undoIdSchema, path, backup: line(1200) });
export type WrittenView = z.infer<typeof writtenView>;

export const foundView = z.object({
  files: z
    .array(
      z.object({
        fileId: fileIdSchema,
        clientName: line(40),
        label: line(60),
        path,
        /** Why its servers are not known; empty where they are. */
        problem: line(600),
        servers: z
          .array(
            z.object({
              name: line(200),
              /** Without query and credentials; empty for a program. */
              url: line(2000),
              /** "Bearer token", "Headers X-Key and X-Org", "No credentials". */
              carries: line(400),
              /** Why it cannot be moved; empty where it can. */
              why: line(300),
            }),
          )
          .max(500),
      }),
    )
    .max(40),
});
export type FoundView = z.infer<typeof foundView>;

export const wantedImport = z.strictObject({
  fileId: fileIdSchema,
  name: z.string().min(1).max(200),
  signInWith: signInWaySchema.optional(),
});

export const importedView = z.object({
  connectionId: connectionIdSchema,
  label: line(80),
  /** How it ended, for a person. */
  sentence: line(1000),
  /** Empty where the entry is still in the file. */
  undoId: z.union([undoIdSchema, z.literal('')]),
});
