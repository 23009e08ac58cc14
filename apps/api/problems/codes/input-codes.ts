import type { ProblemCode } from './problem-code.js';

/** What listens for messages besides HTTP. */
export const INPUT_CODES = {
  input_not_found: {
    status: 404,
    title: 'There is no such input',
    mend: 'Use one that GET /api/v1/inputs lists.',
  },
  input_exists: {
    status: 409,
    title: 'The input exists already',
    mend: 'Choose another name, or change that one.',
  },
  too_many_inputs: {
    status: 409,
    title: 'The server has all the inputs it may have',
    mend: 'Delete one, or give one more ports and sources.',
  },
  input_kind_unknown: {
    status: 400,
    title: 'There is no such kind of input',
    mend: 'Use one of the kinds that GET /api/v1/inputs lists.',
  },
  input_from_settings: {
    status: 409,
    title: 'The input belongs to the boot settings',
    mend: 'Change or unset its settings and start again; its sources can be changed here, and it can be stopped.',
  },
  input_start_failed: {
    status: 409,
    title: 'The input can not start so',
    mend: 'Correct what the detail names and send the change again; nothing was changed.',
  },
} as const satisfies Readonly<Record<string, ProblemCode>>;
