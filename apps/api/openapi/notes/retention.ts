import type { OperationNotes } from './operation-note.js';
import { SAMPLE } from './sample-values.js';

const AUTHOR = { key_id: SAMPLE.keyId, key_name: 'admin' };
const RULES = { keep: 'search 90d -> delete', class: 'normal' };
const POLICY = { name: 'stream:default', ...RULES, changed_at: SAMPLE.received, changed_by: AUTHOR };
const BOOK = { version: 1, default: 'search 30d -> delete', tiers: ['search'], policies: [POLICY] };

/** Notes on retention. */
export const RETENTION_NOTES: OperationNotes = {
  RetentionPolicies_list: { answers: { 200: BOOK } },
  RetentionPolicies_find: { answers: { 200: POLICY }, problems: ['policy_not_found'] },
  RetentionPolicies_put: {
    request: RULES,
    answers: { 200: BOOK },
    problems: [
      ...(['policy_name_invalid', 'stream_unknown', 'event_type_unknown'] as const),
      ...(['policies_conflict', 'too_many_retention_policies'] as const),
    ],
  },
  RetentionPolicies_remove: {
    answers: { 200: { ...BOOK, version: 2, policies: [] } },
    problems: ['policy_not_found', 'policies_conflict'],
  },
  RetentionPolicies_versions: {
    answers: {
      200: {
        versions: [{ version: 1, changed_at: SAMPLE.received, changed_by: AUTHOR, policies: [POLICY] }],
      },
    },
  },
  RetentionPolicies_rollBack: {
    request: {},
    answers: { 200: { ...BOOK, version: 3 } },
    problems: ['policy_version_not_found', 'policies_conflict'],
  },
};
