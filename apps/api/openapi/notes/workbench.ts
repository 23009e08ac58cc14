import type { ProblemCodeName } from '../../problems/problem-codes.js';
import type { OperationNotes } from './operation-note.js';
import { SAMPLE } from './sample-values.js';

const NEW = 'c4e1d0a2f9b87c6d5e4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c8d7e6f5a4b3c2d';
const OLD = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
const VERSIONS = {
  parser: 'fridge',
  versions: [
    {
      ...{ id: NEW, version: '0.2.0', active: false, held: false, before: true, trusted: true },
      since: SAMPLE.received,
    },
    {
      ...{ id: OLD, version: '0.1.0', active: true, held: true, before: false, trusted: true },
      since: SAMPLE.time,
    },
  ],
};
const LINE = 'FRIDGE;2026-11-20 12:00:03;fridge-3;5.1;ajar';
const READ = {
  ...{ parser: 'fridge', confidence: 'full', certainty: 0.9, warnings: [] },
  event: {
    timestamp: '2026-11-20T12:00:03.000000000Z',
    ...{ event_type: 'log', severity_number: 0, host: 'fridge-3', message: 'door ajar at 5.1' },
    attributes: { temperature: 5.1, door: 'ajar', parser: 'fridge' },
  },
};
const REFUSED = {
  ...{ parser: 'fridge', reason: 'not_fridge', message: 'It is not FRIDGE;time;host;degrees;door.' },
};
const SPAN = { start_time: '2026-11-20T00:00:00Z', end_time: '2026-11-21T00:00:00Z' };
const SHADOW = {
  ...{ id: SAMPLE.jobId, parser: 'fridge', version: NEW, streams: [SAMPLE.stream], per_mille: 100 },
  started_at: SAMPLE.time,
  counts: {
    ...{ compared: 1_200, equal: 1_199, changed: 0, newly_read: 1, newly_refused: 0 },
    ...{ passed_over_blocks: 3, failed: 0 },
  },
  differences: [
    {
      ...{ stream: SAMPLE.stream, source: 'kitchen', received_at: SAMPLE.received, line: LINE },
      outcome: 'newly_read',
      changes: [],
    },
  ],
};
const FINDING: readonly ProblemCodeName[] = ['parser_not_found', 'version_not_found', 'version_unusable'];

/** Notes on versions of parsers and shadows. */
export const WORKBENCH_NOTES: OperationNotes = {
  Versions_list: { answers: { 200: VERSIONS }, problems: ['parser_not_found'] },
  Versions_activate: { request: { hold: true }, answers: { 200: VERSIONS }, problems: FINDING },
  Versions_rollBack: {
    answers: { 200: VERSIONS },
    problems: ['parser_not_found', 'no_version_before', 'version_unusable'],
  },
  Versions_diff: {
    request: { from: 'active', to: 'before', lines: [LINE] },
    answers: {
      200: {
        ...{ from: OLD, to: NEW },
        counts: { equal: 0, changed: 0, newly_read: 1, newly_refused: 0 },
        lines: [{ outcome: 'newly_read', from: REFUSED, to: READ }],
      },
    },
    problems: [
      ...FINDING,
      ...(['event_type_unknown', 'line_too_long', 'too_many_dry_runs'] as const),
      ...(['stream_unknown', 'query_invalid', 'too_many_searches'] as const),
      ...(['search_timeout', 'search_unavailable'] as const),
    ],
  },
  Shadows_start: {
    request: { version: 'before', per_mille: 100 },
    answers: { 201: { ...SHADOW, differences: [] } },
    problems: [...FINDING, 'stream_unknown', 'too_many_shadows', 'role_elsewhere'],
  },
  Shadows_list: { answers: { 200: { shadows: [SHADOW] } } },
  Shadows_stop: { answers: { 200: { ...SHADOW, differences: [] } }, problems: ['shadow_not_found'] },
  Reparse_plan: {
    request: SPAN,
    answers: {
      200: {
        events: 1_000,
        days: [
          {
            ...{ day: '2026-11-20', generation: 0, events: 1_000, part_events: 1_200, disk_bytes: 48_000 },
            forms: { text: 900, message: 60, json: 0, json_remade: 40 },
          },
        ],
        parsers: [
          { parser: 'fridge', events: 900 },
          { parser: '', events: 60 },
        ],
        left_alone: [],
        ...{ disk_bytes_needed: 48_000, disk_bytes_free: 8_000_000_000, fits: true },
      },
    },
    problems: ['stream_unknown', 'parser_unknown', 'search_unavailable'],
  },
  Reparse_begin: {
    request: SPAN,
    answers: { 202: { job: 'default.default', events: 1_000 } },
    problems: [
      ...(['stream_unknown', 'parser_unknown', 'search_unavailable'] as const),
      ...(['reparse_running', 'reparse_no_room'] as const),
    ],
  },
  Reparse_report: {
    answers: {
      200: {
        job: 'default.default',
        days: [{ day: '2026-11-20', generation: 0, events: 1_000, changed: 900, kept: 1 }],
        kept_reasons: [{ reason: 'other_day', events: 1, example: SAMPLE.eventId }],
      },
    },
    problems: ['stream_unknown', 'job_not_found'],
  },
};
