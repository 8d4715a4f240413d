/** SHA-256 in one go, as lower-case hex; a text counts in UTF-8. */
import { hash } from 'node:crypto';

export const sha256 = (data: string | Uint8Array): string => hash('sha256', data, 'hex');
