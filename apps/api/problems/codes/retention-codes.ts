import type { ProblemCode } from './problem-code.js';

/** What retention refuses. */
export const RETENTION_CODES = {
  policy_not_found: {
    status: 404,
    title: 'There is no such retention policy',
    mend: 'Use one that GET /api/v1/retention/policies lists.',
  },
  policy_name_invalid: {
    status: 400,
    title: 'That says not what the retention policy is for',
    mend: 'Use tenant, event-type:<name> or stream:<name>.',
  },
  policies_conflict: {
    status: 412,
    title: 'The retention policies were changed meanwhile',
    mend: 'Read them again with GET /api/v1/retention/policies, then send the change with its ETag as If-Match.',
  },
  policy_version_not_found: {
    status: 404,
    title: 'There is no such version of the retention policies to go back to',
    mend: 'Use one that GET /api/v1/retention/versions lists, but not the newest.',
  },
  too_many_retention_policies: {
    status: 409,
    title: 'The tenant has all the retention policies it may have',
    mend: 'Let streams of one event type share its policy.',
  },
} as const satisfies Readonly<Record<string, ProblemCode>>;
