import { severityNumber } from '#event-model';

/** Words of the syslog severities 0 (emergency) to 7 (debug), as levels (RFC 5424 table 2). */
export const SYSLOG_LEVELS = [
  'emergency',
  'alert',
  'critical',
  'error',
  'warning',
  'notice',
  'info',
  'debug',
] as const;

/**
 * Words for how bad a security event is, as CEF writes them ("Device Severity": Unknown, Low, Medium, High, Very-High),
 * with the level that stands for each.
 */
const RISK_LEVELS: Readonly<Record<string, string>> = {
  low: 'info',
  medium: 'warning',
  high: 'error',
  'very-high': 'critical',
  'very high': 'critical',
  veryhigh: 'critical',
};

/** Last number of each step of the scale from 0 to 10, and its level. */
const RISK_STEPS = [
  [3, 'info'],
  [6, 'warning'],
  [8, 'error'],
  [10, 'critical'],
] as const;

/**
 * The level of a security device's severity: 0 to 10 (CEF: 0–3 low, 4–6 medium, 7–8 high, 9–10 very high; LEEF has 1–10),
 * CEF's words, or a level's own word (`Critical`, `warn`), in any case. Undefined for all else, `Unknown` too.
 */
export function levelOfRisk(severity: string): string | undefined {
  const word = severity.trim().toLowerCase();
  if (word === '') return undefined;
  const value = Number(word);
  if (value >= 0) return RISK_STEPS.find(([last]) => value <= last)?.[1];
  if (Object.hasOwn(RISK_LEVELS, word)) return RISK_LEVELS[word];
  return severityNumber(word) > 0 ? word : undefined;
}

/** Numbers for levels, by who writes them. */
const NUMBERED = {
  /** 0 to 7 (RFC 5424). */
  syslog: new Map<number, string>(SYSLOG_LEVELS.map((level, number) => [number, level])),
  /** Pino and Bunyan (JavaScript). */
  pino: new Map([
    [10, 'trace'],
    [20, 'debug'],
    [30, 'info'],
    [40, 'warn'],
    [50, 'error'],
    [60, 'fatal'],
  ]),
  /** The module `logging` of Python. */
  python: new Map([
    [10, 'debug'],
    [20, 'info'],
    [30, 'warning'],
    [40, 'error'],
    [50, 'critical'],
  ]),
} as const;

/** Who numbered the level: the same number means another level to each. */
export type LevelScale = keyof typeof NUMBERED;

/** The level of a number on a scale; undefined where the scale hasn't got it. */
export function levelOfNumber(value: number, scale: LevelScale): string | undefined {
  return NUMBERED[scale].get(value);
}
