import type { ProblemCodeName } from '../../problems/problem-codes.js';
import { ExamplesByType, type OperationNotes } from './operation-note.js';
import { SAMPLE } from './sample-values.js';

const ASKING: readonly ProblemCodeName[] = ['stream_unknown', 'search_timeout', 'search_unavailable'];
const JOB = SAMPLE.jobId;
const REFUSED = {
  ...{ event_id: SAMPLE.eventId, stream: SAMPLE.stream, source: 'web', reason: 'not_syslog' },
  ...{ parser: 'syslog', received_at: SAMPLE.received, raw: 'door ajar' },
};
const ACTION = {
  ...{ id: JOB, kind: 'replay', filter: { reason: 'not_syslog', end_time: SAMPLE.received } },
  ...{ with_parser: 'auto', by: { key_id: SAMPLE.keyId, key_name: 'admin' }, asked_at: SAMPLE.received },
  ...{ stored: 12, deduplicated: 0, dropped: 0, refused: 1, ended_at: SAMPLE.received },
};

/** Notes on what is done with refused events, and on its jobs. */
export const QUARANTINE_NOTES: OperationNotes = {
  Quarantine_counts: {
    answers: {
      200: {
        total: 13,
        reasons: [{ value: 'not_syslog', events: 13 }],
        sources: [{ value: 'web', events: 13 }],
        streams: [{ value: SAMPLE.stream, events: 13 }],
        parsers: [{ value: 'syslog', events: 13 }],
      },
    },
    problems: ASKING,
  },
  Quarantine_export: {
    answers: { 200: new ExamplesByType({ 'application/x-ndjson': `${JSON.stringify(REFUSED)}\n` }) },
    problems: [...ASKING, 'too_many_exports'],
  },
  QuarantineActions_replay: {
    request: { filter: { reason: 'not_syslog' }, parser: 'auto' },
    answers: { 202: { job: JOB, events: 13 } },
    problems: [...ASKING, 'parser_unknown'],
  },
  QuarantineActions_resolve: {
    request: { filter: { reason: 'not_json' }, note: 'A test of the agent.' },
    answers: { 202: { job: JOB, events: 2 } },
    problems: ASKING,
  },
  QuarantineActions_actions: { answers: { 200: { actions: [ACTION] } } },
  Jobs_find: {
    answers: {
      200: {
        ...{ id: JOB, kind: 'retention.apply', state: 'running', progress: 0.4, attempt: 1 },
        note: '2 of 2 units removed with 4800 events, 0 kept; 1 of 3 copied',
        steps: [
          { name: 'remove', state: 'done', progress: 1, started_at: SAMPLE.received, duration_ms: 812 },
          { name: 'expire', state: 'done', progress: 1, started_at: SAMPLE.received, duration_ms: 0 },
          {
            ...{ name: 'copy', state: 'running', progress: 0.33, started_at: SAMPLE.received },
            ...{ note: 'web 20261120, 2 of 3: making a file of it', duration_ms: 2_040 },
          },
          { name: 'move', state: 'waiting', progress: 0, waits_for: 'copy' },
          { name: 'read_back', state: 'waiting', progress: 0, waits_for: 'move' },
        ],
        history: [
          {
            ...{ attempt: 1, outcome: 'interrupted' },
            ...{ started_at: SAMPLE.received, duration_ms: 1_500 },
          },
        ],
        ...{ added_at: SAMPLE.received, started_at: SAMPLE.received },
      },
    },
    problems: ['job_not_found'],
  },
  Jobs_cancel: {
    answers: {
      200: {
        ...{ id: 'default.default', kind: 'streams.reparse', state: 'cancelled', progress: 0.4, attempt: 1 },
        note: '400 events read, 12 changed and 0 left as they were in 1 finished days',
        ...{ added_at: SAMPLE.received, started_at: SAMPLE.received, ended_at: SAMPLE.received },
      },
    },
    problems: ['job_not_found', 'job_not_cancellable'],
  },
};
