/**
 * Level words in lower case with their OpenTelemetry severity number (logs data model, "Displaying Severity" and its
 * example mappings). A filter on level matches every word of the same number.
 */
export const SEVERITY_WORDS: Readonly<Record<string, number>> = {
  trace: 1,
  finest: 1,
  verbose: 1,
  debug: 5,
  dbg: 5,
  fine: 5,
  info: 9,
  information: 9,
  informational: 9,
  log: 9,
  notice: 10,
  warn: 13,
  warning: 13,
  error: 17,
  err: 17,
  severe: 17,
  critical: 18,
  crit: 18,
  alert: 19,
  fatal: 21,
  panic: 21,
  emerg: 22,
  emergency: 22,
};

/** Severity number of a level word; 0 where the word is unknown. */
export function severityNumber(level: string): number {
  return SEVERITY_WORDS[level.trim().toLowerCase()] ?? 0;
}
