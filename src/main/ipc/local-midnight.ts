/** When today began for the person at the desk. Knows no other time zone than the system's. */

/** The last local midnight at or before `nowMs`; on a day without one (clock change), the day's first moment. */
export function localMidnightMs(nowMs: number): number {
  return new Date(nowMs).setHours(0, 0, 0, 0);
}
