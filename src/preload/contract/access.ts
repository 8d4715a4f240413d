/** What a tool does. */
import { z } from 'zod';

export const accessSchema = z.enum(['read', 'write', 'destructive']);
export type Access = z.infer<typeof accessSchema>;
