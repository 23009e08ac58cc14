import { ADMIN_CODES } from './codes/admin-codes.js';
import { ARCHIVE_CODES } from './codes/archive-codes.js';
import { BACKUP_CODES } from './codes/backup-codes.js';
import { ENRICHMENT_CODES } from './codes/enrichment-codes.js';
import { EXISTENCE_CODES } from './codes/existence-codes.js';
import { INPUT_CODES } from './codes/input-codes.js';
import { NOTIFIER_CODES } from './codes/notifier-codes.js';
import { PASSING_TROUBLE_CODES } from './codes/passing-trouble-codes.js';
import type { ProblemCode } from './codes/problem-code.js';
import { RETENTION_CODES } from './codes/retention-codes.js';
import { REQUEST_CODES } from './codes/request-codes.js';

export type { ProblemCode } from './codes/problem-code.js';

/** Every code that an answer of the API may carry. */
export const PROBLEM_CODES = {
  ...REQUEST_CODES,
  ...EXISTENCE_CODES,
  ...ADMIN_CODES,
  ...INPUT_CODES,
  ...ENRICHMENT_CODES,
  ...NOTIFIER_CODES,
  ...RETENTION_CODES,
  ...ARCHIVE_CODES,
  ...BACKUP_CODES,
  ...PASSING_TROUBLE_CODES,
} as const satisfies Readonly<Record<string, ProblemCode>>;

export type ProblemCodeName = keyof typeof PROBLEM_CODES;

/** Seconds that a client is asked to wait where nothing better is known. */
export const DEFAULT_RETRY_AFTER = 5;

export const isProblemCode = (text: string): text is ProblemCodeName => Object.hasOwn(PROBLEM_CODES, text);

/** What a code means. */
export function problemCode(name: ProblemCodeName): ProblemCode {
  return PROBLEM_CODES[name];
}
