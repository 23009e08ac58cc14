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
  hold_not_found: {
    status: 404,
    title: 'There is no such hold',
    mend: 'Use one that GET /api/v1/holds lists.',
  },
  too_many_holds: {
    status: 409,
    title: 'The tenant has all the holds it may have',
    mend: 'Release those that are not needed, or make one for several streams or a longer time.',
  },
  plan_not_found: {
    status: 404,
    title: 'There is no such retention plan',
    mend: 'Make one with POST /api/v1/retention/plan.',
  },
  plan_expired: {
    status: 409,
    title: 'The retention plan is too old to be applied',
    mend: 'Make another one with POST /api/v1/retention/plan, and look at what it says now.',
  },
  plan_stale: {
    status: 409,
    title: 'The retention policies were changed since the plan was made',
    mend: 'Make another plan with POST /api/v1/retention/plan; nothing was changed.',
  },
  plan_applied: {
    status: 409,
    title: 'The retention plan was applied already',
    mend: 'See GET /api/v1/retention/runs/{run} with its id; make another plan for what is there now.',
  },
  clock_in_doubt: {
    status: 409,
    title: "The machine's clock may be wrong, and deletion goes by it",
    mend: 'Look at the clock. Where it is right, send accept_clock: true with the plan, by a key with the scope system; else set it right.',
  },
  run_not_found: {
    status: 404,
    title: 'There is no such retention run',
    mend: 'Use one that GET /api/v1/retention/runs lists.',
  },
} as const satisfies Readonly<Record<string, ProblemCode>>;
