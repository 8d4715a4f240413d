/** The name of the file that a moment belongs to. Asked for every batch, and nearly always the same as before. */
const dayMs = 86_400_000;
let newest = { day: Number.NaN, file: '' };

/** `YYYY-MM-DD.jsonl`, by UTC. */
export function dayFile(atMs: number): string {
  const day = Math.floor(atMs / dayMs);
  if (day !== newest.day) newest = { day, file: `${new Date(atMs).toISOString().slice(0, 10)}.jsonl` };
  return newest.file;
}
