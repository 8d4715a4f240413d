/** The levels of log messages, from the least to the most urgent. @see RFC 5424 §6.2.1 */
const levels = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency'] as const;
export type LogLevel = (typeof levels)[number];

/** Undefined for what is none. @param level Untrusted. */
export const readLogLevel = (level: unknown): LogLevel | undefined => levels.find((one) => one === level);

export const isBelow = (level: LogLevel, least: LogLevel): boolean =>
  levels.indexOf(level) < levels.indexOf(least);
