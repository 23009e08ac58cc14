import { ExamplesByType, type OperationNotes } from './operation-note.js';
import { SAMPLE } from './sample-values.js';

const HASH = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
const ENTRY = {
  ...{ sequence: 812, time: SAMPLE.time, actor: { kind: 'key', id: SAMPLE.keyId, name: 'admin' } },
  ...{ tenant: 'default', action: 'rule.move', object: 'health', outcome: 'done' },
  changes: [{ field: 'enabled', before: true, after: false }],
  ...{ request_id: '8c1f0e5a2b7d4c3e-1a', address: '192.0.2.7' },
  previous: '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae',
  hash: HASH,
};

/** Notes on the audit record. */
export const AUDIT_NOTES: OperationNotes = {
  Audit_list: {
    answers: { 200: { entries: [ENTRY], next_cursor: null } },
    problems: ['cursor_invalid'],
  },
  Audit_export: {
    answers: { 200: new ExamplesByType({ 'application/x-ndjson': `${JSON.stringify(ENTRY)}\n` }) },
    problems: ['too_many_exports'],
  },
  Audit_verify: {
    answers: {
      200: {
        ...{ verified_at: SAMPLE.received, whole: true, entries: 812, oldest: 1 },
        head: { sequence: 812, hash: HASH },
      },
    },
  },
};
