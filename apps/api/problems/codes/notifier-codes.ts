import type { ProblemCode } from './problem-code.js';

/** Who is told when something is wrong. */
export const NOTIFIER_CODES = {
  notifier_not_found: {
    status: 404,
    title: 'There is no such notifier',
    mend: 'Use one that GET /api/v1/notifiers lists.',
  },
  notifier_name_invalid: {
    status: 400,
    title: 'That is no name for a notifier',
    mend: 'Use 1 to 63 of a-z, 0-9, _ and -, starting with a letter or digit.',
  },
  notifier_kind_unknown: {
    status: 400,
    title: 'There is no such kind of notifier',
    mend: 'Use one of the kinds that GET /api/v1/notifiers lists.',
  },
  too_many_notifiers: {
    status: 409,
    title: 'The server has all the notifiers it may have',
    mend: 'Delete one.',
  },
} as const satisfies Readonly<Record<string, ProblemCode>>;
