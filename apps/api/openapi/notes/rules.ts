import type { OperationNotes } from './operation-note.js';
import { SAMPLE } from './sample-values.js';

const RULE = {
  description: 'Probes of load balancers.',
  when: { contains: ['GET /health'] },
  action: { drop: { policy: 'health-checks' } },
};
const STORED = {
  ...{ name: 'health', ...RULE, enabled: true, continue: false },
  counts: { matched: 120, dropped: 120, sampled_out: 0 },
  changed_at: SAMPLE.received,
  changed_by: { key_id: SAMPLE.keyId, key_name: 'admin' },
};
const BOOK = { version: 1, rules: [STORED] };

/** Notes on routing rules. */
export const RULE_NOTES: OperationNotes = {
  Rules_list: { answers: { 200: BOOK } },
  Rules_find: { answers: { 200: STORED }, problems: ['rule_not_found'] },
  Rules_replace: {
    request: { rules: [{ name: 'health', ...RULE }] },
    answers: { 200: BOOK },
    problems: ['rule_name_invalid', 'rules_conflict', 'too_many_policies'],
  },
  Rules_put: {
    request: RULE,
    answers: { 200: BOOK },
    problems: ['rule_name_invalid', 'rules_conflict', 'too_many_policies', 'too_many_rules'],
  },
  Rules_patch: {
    request: { enabled: false },
    answers: { 200: { version: 2, rules: [{ ...STORED, enabled: false }] } },
    problems: ['rule_not_found', 'rules_conflict'],
  },
  Rules_remove: {
    answers: { 200: { version: 2, rules: [] } },
    problems: ['rule_not_found', 'rules_conflict'],
  },
  Rules_dryRun: {
    request: {
      events: [{ level: 'debug', message: 'GET /health' }],
      rules: [{ name: 'health', ...RULE }],
    },
    answers: {
      200: {
        results: [
          {
            ...{ rules: ['health'], stream: 'default', event_type: 'log' },
            ...{ dropped: 'health-checks', samples: [] },
          },
        ],
      },
    },
    problems: ['stream_unknown', 'parser_not_found', 'line_too_long', 'too_many_dry_runs'],
  },
};
