import type { ProblemCode } from './problem-code.js';

/** What admins set up, look at and try. */
export const ADMIN_CODES = {
  parser_not_found: {
    status: 404,
    title: 'There is no such parser',
    mend: 'Use one that GET /api/v1/parsers lists, or auto.',
  },
  event_type_not_found: {
    status: 404,
    title: 'There is no such event type',
    mend: 'Use one that GET /api/v1/event-types lists.',
  },
  too_many_dry_runs: {
    status: 429,
    title: 'Too many dry runs wait',
    mend: 'Send the same request again after the seconds in Retry-After.',
  },
  settings_invalid: {
    status: 400,
    title: 'The settings can not be changed so',
    mend: 'Correct every entry of errors and send it again; nothing was changed.',
  },
  settings_conflict: {
    status: 412,
    title: 'The settings were changed meanwhile',
    mend: 'Read them again with GET /api/v1/settings, then send the change with its ETag as If-Match.',
  },
} as const satisfies Readonly<Record<string, ProblemCode>>;
