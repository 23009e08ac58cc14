import type { ProblemCodeName } from '../../problems/problem-codes.js';
import { ExamplesByType, type OperationNote, type OperationNotes } from './operation-note.js';
import { SAMPLE, SAMPLE_EVENT, SAMPLE_STATS } from './sample-values.js';

/** What every question to the search tier may end with. */
const ASKING: readonly ProblemCodeName[] = [
  ...(['search_invalid', 'stream_unknown', 'stream_restoring', 'event_type_missing'] as const),
  ...(['search_timeout', 'search_unavailable', 'archive_unreadable', 'history_on_its_way'] as const),
  ...(['archive_scan_unconfirmed', 'archive_scan_too_large'] as const),
];
const SEARCHING: readonly ProblemCodeName[] = [...ASKING, 'query_invalid', 'too_many_searches'];

const PAGE: OperationNote = {
  answers: {
    200: {
      total: 1,
      total_is_exact: true,
      logs: [SAMPLE_EVENT],
      next_cursor: null,
      stats: {
        ...SAMPLE_STATS,
        scanned: {
          streams: [SAMPLE.stream],
          from: '2026-11-20T07:15:30.000000000Z',
          to: '2026-11-20T08:15:31.000000000Z',
        },
      },
    },
  },
  problems: [
    ...[...SEARCHING, 'cursor_invalid' as const],
    ...(['copy_behind', 'documents_missing', 'documents_archived'] as const),
  ],
};

const BUCKETS = [
  { group: { service: 'checkout' }, metrics: { events: 120 } },
  { group: { service: 'gateway' }, metrics: { events: 80 } },
];

const SERVICE = {
  ...{ name: 'service', types: ['keyword'], declared: true, declared_in: [SAMPLE.stream] },
  ...{ events: 200, events_looked_at: 200, share: 1, cardinality: 2, cardinality_is_exact: true },
  top_values: [{ value: 'checkout', events: 120 }],
};

const EXPORT: OperationNote = {
  answers: {
    200: new ExamplesByType({
      'application/x-ndjson': `${JSON.stringify(SAMPLE_EVENT)}\n`,
      'application/json': JSON.stringify({ logs: [SAMPLE_EVENT] }),
      'text/csv': 'timestamp,level,message\r\n2026-11-20T08:15:30.123000000Z,ERROR,payment declined\r\n',
      'application/vnd.apache.parquet': 'PAR1…PAR1',
    }),
  },
  problems: [...SEARCHING, 'cursor_invalid', 'too_many_exports', 'export_no_space', 'export_outlived_days'],
};

/** Notes on searching, counting and reading what was refused. */
export const LOG_NOTES: OperationNotes = {
  Logs_search: {
    ...PAGE,
    request: { start_time: 'now-1h', level: 'error', query: 'service:checkout', limit: 20 },
  },
  Logs_searchByLink: PAGE,
  Logs_context: {
    answers: { 200: { before: [], event: SAMPLE_EVENT, after: [] } },
    problems: [...SEARCHING, 'event_id_invalid', 'event_unknown'],
  },
  Logs_find: { answers: { 200: SAMPLE_EVENT }, problems: [...ASKING, 'event_id_invalid', 'event_unknown'] },
  Aggregate_aggregate: {
    request: {
      start_time: 'now-1h',
      metrics: [{ name: 'events', function: 'count' }],
      group_by: ['service'],
      limit: 10,
    },
    answers: {
      200: { buckets: BUCKETS, is_exact: true, approximations: [], source: 'roll_up', stats: SAMPLE_STATS },
    },
    problems: [...SEARCHING, 'too_many_groups'],
  },
  exportLogs: { ...EXPORT, request: { start_time: 'now-1h', level: 'error', format: 'ndjson' } },
  exportLogsByQuery: EXPORT,
  Tail_follow: {
    query: { seconds: 1 },
    answers: {
      200: new ExamplesByType({
        'text/event-stream': `event: log\nid: ${SAMPLE.eventId}\ndata: ${JSON.stringify(SAMPLE_EVENT)}\n\n`,
      }),
    },
    problems: [...ASKING, 'query_invalid', 'too_many_tails', 'tail_behind'],
  },
  Fields_list: {
    answers: {
      200: {
        events: 200,
        sample: { events: 200, limit: 50_000, is_whole: true },
        fields: [SERVICE],
        is_cut: false,
        stats: SAMPLE_STATS,
      },
    },
    problems: SEARCHING,
  },
  Quarantine_list: {
    answers: {
      200: {
        total: 1,
        next_cursor: null,
        events: [
          {
            event_id: SAMPLE.eventId,
            stream: SAMPLE.stream,
            source: 'web',
            reason: 'not_json',
            received_at: SAMPLE.received,
            raw: 'hello',
          },
        ],
      },
    },
    problems: ASKING,
  },
};
