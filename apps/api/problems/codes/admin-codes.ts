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
  redaction_not_found: {
    status: 404,
    title: 'There is no such redaction rule',
    mend: 'Use one that GET /api/v1/redactions lists.',
  },
  redaction_name_invalid: {
    status: 400,
    title: 'That is no name for a redaction rule',
    mend: 'Use 1 to 63 of a-z, 0-9, _ and -, starting with a letter or digit; not dry-run.',
  },
  too_many_redactions: {
    status: 409,
    title: 'The tenant has all the redaction rules it may have',
    mend: 'Put fields and detectors of one action into one rule.',
  },
  job_not_found: {
    status: 404,
    title: 'There is no such job',
    mend: 'Use an id that the request which began the job answered with; jobs are kept for 7 days.',
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
