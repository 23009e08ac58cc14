import type { OperationNotes } from './operation-note.js';
import { SAMPLE } from './sample-values.js';

const AUTHOR = { key_id: SAMPLE.keyId, key_name: 'admin' };
const RULES = { keep: 'search 90d -> delete', class: 'normal' };
const POLICY = { name: 'stream:default', ...RULES, changed_at: SAMPLE.received, changed_by: AUTHOR };
const BOOK = {
  version: 1,
  default: 'search 30d -> delete',
  tiers: ['search', 'archive'],
  policies: [POLICY],
};

const HOLD = {
  ...{ id: SAMPLE.jobId, stream: SAMPLE.stream, start_time: SAMPLE.time, reason: 'Case 7.' },
  ...{ created_at: SAMPLE.received, created_by: AUTHOR },
};
const PLAN_ID = '20261122T081530-5f0e6a52';
const COUNT = { units: 1, events: 1_000, bytes: 48_000 };
const NONE = { units: 0, events: 0, bytes: 0 };
const TIMES = { oldest: '2026-08-20T00:00:00.000000000Z', newest: '2026-08-20T23:59:59.000000000Z' };
const UNIT = {
  ...{ stream: SAMPLE.stream, tier: 'search', day: '2026-08-20', generation: 0, events: 1_000 },
  ...{ bytes: 48_000, why: 'age', policy: 'stream:default' },
};
const NOTHING = { ...NONE, oldest: null, newest: null };
const BY = { kind: 'key', ...AUTHOR };
const PLAN = {
  ...{ id: PLAN_ID, made_at: SAMPLE.received, expires_at: '2026-11-21T08:15:31.004Z', made_by: BY },
  ...{ clock: { state: 'trusted' }, policies_version: 1, saves_policies: false },
  totals: {
    ...{ leaves: COUNT, evicts: NONE, moves: NONE, held: NONE, copies: NONE },
    ...{ storage_before: 96_000, storage_after: 48_000 },
  },
  streams: [
    {
      ...{ stream: SAMPLE.stream, event_type: 'log', policy: 'stream:default', keep: RULES.keep },
      tiers: [
        {
          tier: 'search',
          before: { units: 2, events: 2_000, bytes: 96_000, ...TIMES, newest: SAMPLE.time },
          ...{ leaves: { ...COUNT, ...TIMES }, held: NOTHING, after: COUNT },
        },
      ],
    },
  ],
  ...{ leaving: [{ ...UNIT, ...TIMES }], held: [], left_for_later: 0 },
  ...{ copying: [], moving: [], expiring: [] },
};
const RUN = {
  ...{ id: PLAN_ID, by: BY, begun_at: SAMPLE.received, ended_at: SAMPLE.received, state: 'done' },
  ...{ planned: COUNT, removed: COUNT, kept: NONE },
  read_back: { at: SAMPLE.received, gone: 1, with_later_events: 0, wrong: 0 },
};

/** Notes on retention. */
export const RETENTION_NOTES: OperationNotes = {
  RetentionPolicies_list: { answers: { 200: BOOK } },
  RetentionPolicies_find: { answers: { 200: POLICY }, problems: ['policy_not_found'] },
  RetentionPolicies_put: {
    request: RULES,
    answers: { 200: BOOK },
    problems: [
      ...(['policy_name_invalid', 'stream_unknown', 'event_type_unknown'] as const),
      ...(['policies_conflict', 'too_many_retention_policies', 'stream_read_only'] as const),
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
  Holds_list: { answers: { 200: { holds: [HOLD] } } },
  Holds_create: {
    request: { stream: SAMPLE.stream, start_time: SAMPLE.time, reason: 'Case 7.' },
    answers: { 201: { ...HOLD, under_removal: [], in_trash: [] } },
    problems: ['stream_unknown', 'too_many_holds'],
  },
  Holds_find: { answers: { 200: HOLD }, problems: ['hold_not_found'] },
  Holds_release: {
    answers: { 200: { ...HOLD, released_at: SAMPLE.received, released_by: AUTHOR } },
    problems: ['hold_not_found'],
  },
  Retention_plan: {
    request: { policies: { tenant: { keep: 'search 90d -> delete' } } },
    answers: { 200: { ...PLAN, saves_policies: true } },
    problems: ['policy_name_invalid', 'stream_unknown', 'event_type_unknown', 'search_unavailable'],
  },
  Retention_find: { answers: { 200: PLAN }, problems: ['plan_not_found'] },
  Retention_apply: {
    request: { plan: PLAN_ID },
    answers: { 202: { job: PLAN_ID, planned: COUNT } },
    problems: [
      ...(['plan_not_found', 'plan_expired', 'plan_stale', 'plan_applied', 'clock_in_doubt'] as const),
      'too_many_retention_policies',
    ],
  },
  Retention_status: {
    answers: {
      200: {
        ...{ first_plan_applied_at: SAMPLE.received, clock: { state: 'trusted' } },
        schedule: {
          ...{ run_at: '02:00', time_zone: 'UTC', next_at: '2026-11-21T02:00:00.000Z' },
          policies: [{ policy: 'stream:checkout', cron: '0 3 * * 0', next_at: '2026-11-22T03:00:00.000Z' }],
        },
        streams: [
          {
            ...{ stream: SAMPLE.stream, event_type: 'log', policy: 'stream:default', keep: RULES.keep },
            ...{ class: 'normal', held_by: [] },
            tiers: [
              {
                ...{ tier: 'search', stored: { ...COUNT, ...TIMES }, oldest_wanted: '2026-08-22' },
                ...{ oldest_stored: '2026-08-22', newest_stored: '2026-11-20', overdue: NOTHING },
                ...{ drift: NOTHING, held: NOTHING },
                next: { day: '2026-08-22', leaves_at: '2026-11-21T00:00:00.000Z' },
              },
            ],
            archive: {
              ...{
                tier: 'archive',
                stored: { ...COUNT, ...TIMES, bytes: 31_000 },
                due: NOTHING,
                drift: NOTHING,
              },
              ...{ oldest_stored: '2026-08-20', newest_stored: '2026-08-20' },
              next: { day: '2026-11-20', copied_at: '2026-11-22T00:00:00.000Z' },
            },
          },
        ],
        legal_holds: { objects: 24, refused: [] },
        damaged_archives: [
          {
            ...{ stream: SAMPLE.stream, day: '2026-08-20', generation: 0, what: 'missing' },
            key: `tenant=default/stream=${SAMPLE.stream}/year=2026/month=08/day=20/part-5f0e6a52.parquet`,
            since: SAMPLE.received,
          },
        ],
        table_ttls: [],
        missing_tiers: [{ tier: 'gzip-files', units: 12, streams: [SAMPLE.stream] }],
        lost_units: [
          {
            ...{ stream: SAMPLE.stream, day: '2026-11-19', generation: 0, expected: 1_000, found: 0 },
            since: SAMPLE.received,
          },
        ],
        runs: [RUN],
      },
    },
    problems: ['search_unavailable'],
  },
  Retention_runs: { answers: { 200: { runs: [RUN] } } },
  Retention_run: {
    answers: { 200: { ...RUN, units: [{ ...UNIT, outcome: 'removed', at: SAMPLE.received }] } },
    problems: ['run_not_found'],
  },
};
