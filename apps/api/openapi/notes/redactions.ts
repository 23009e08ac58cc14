import type { OperationNotes } from './operation-note.js';
import { SAMPLE } from './sample-values.js';

const RULE = { action: 'mask', at: 'accept', fields: ['password'], detectors: ['card', 'token'] };
const STORED = {
  ...{ name: 'cards', ...RULE, version: 1, changed_at: SAMPLE.received },
  changed_by: { key_id: SAMPLE.keyId, key_name: 'admin' },
};

/** Notes on redaction rules. */
export const REDACTION_NOTES: OperationNotes = {
  Redactions_list: { answers: { 200: { redactions: [STORED] } } },
  Redactions_put: {
    request: RULE,
    answers: { 200: STORED },
    problems: ['redaction_name_invalid', 'too_many_redactions'],
  },
  Redactions_remove: { answers: { 200: STORED }, problems: ['redaction_not_found'] },
  Redactions_dryRun: {
    request: {
      lines: ['paid with 4111 1111 1111 1111'],
      rules: [{ action: 'mask', detectors: ['card'] }],
    },
    answers: {
      200: {
        results: [
          {
            line: 'paid with [redacted:card]',
            changed: true,
            found: [{ rule: 'rules[0]', what: 'card' }],
          },
        ],
      },
    },
  },
};
