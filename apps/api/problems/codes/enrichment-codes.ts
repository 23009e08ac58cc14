import type { ProblemCode } from './problem-code.js';

/** What is added to events. */
export const ENRICHMENT_CODES = {
  enrichment_not_found: {
    status: 404,
    title: 'There is no such enrichment',
    mend: 'Use one that GET /api/v1/enrichments lists.',
  },
  enrichment_name_invalid: {
    status: 400,
    title: 'That is no name for an enrichment',
    mend: 'Use 1 to 63 of a-z, 0-9, _ and -, starting with a letter or digit; not dry-run.',
  },
  enrichment_kind_unknown: {
    status: 400,
    title: 'There is no such kind of enrichment',
    mend: 'Use one of the kinds that GET /api/v1/enrichments lists.',
  },
  enrichment_invalid: {
    status: 400,
    title: 'The data of the enrichment can not be used',
    mend: 'Mend every entry of errors and send it again; nothing was changed.',
  },
  too_many_enrichments: {
    status: 409,
    title: 'The tenant has all the enrichments it may have',
    mend: 'Put columns of one table into one enrichment, or delete one.',
  },
} as const satisfies Readonly<Record<string, ProblemCode>>;
