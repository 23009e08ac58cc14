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

/** Severity number of a level word, spaces around it and letter case ignored; 0 where the word is unknown. */
export function severityNumber(level: string): number {
  const word = trimSpaces(level).toLowerCase();
  return Object.hasOwn(SEVERITY_WORDS, word) ? (SEVERITY_WORDS[word] ?? 0) : 0;
}

/** As the engine trims: other white space is part of a word. */
function trimSpaces(text: string): string {
  let [start, end] = [0, text.length];
  while (text[start] === ' ') start += 1;
  while (end > start && text[end - 1] === ' ') end -= 1;
  return text.slice(start, end);
}
