/** What may cross in the practice workspace only. */
import { z } from 'zod';

/** How a simulated vendor behaves: practice workspace only. */
export const vendorMoodSchema = z.enum([
  'normal',
  'token_expired',
  'signed_out',
  'wrong_key',
  'forbidden',
  'busy',
  'broken',
  'not_json',
  'slow',
  'offline',
]);
export type VendorMood = z.infer<typeof vendorMoodSchema>;
