import type { OperationNotes } from './operation-note.js';
import { SAMPLE } from './sample-values.js';

const SYSLOG = {
  name: 'syslog',
  title: 'Syslog',
  description: 'Syslog of RFC 3164 and RFC 5424, as it is sent and as it stands in files.',
  version: '1.0.0',
  stability: 'stable',
};
const LINE = '<34>Oct 11 22:14:15 web-1 sshd[4211]: Failed password for root';

const DECLARATION = {
  kind: 'grok',
  options: { patterns: ['^%{TIMESTAMP_ISO8601:timestamp} %{LOGLEVEL:level} %{GREEDYDATA:message}$'] },
};
const DECLARED_LINE = '2026-11-20T12:00:01Z ERROR no stock';
const SHOP = {
  ...{ name: 'shop', title: 'Lines of the shop', description: 'Declared by an admin; of the kind grok.' },
  ...{ version: '1.0.0', stability: 'stable' },
  declared: {
    ...{ kind: 'grok', version: 1, changed_at: SAMPLE.received },
    changed_by: { key_id: SAMPLE.keyId, key_name: 'admin' },
  },
};
const DESCRIBED_SHOP = {
  ...SHOP,
  declaration: DECLARATION,
  options_schema: { type: 'object', properties: { event_type: { type: 'string', default: 'log' } } },
  samples: [{ name: 'declared', lines: [DECLARED_LINE] }],
};
const KIND = {
  ...{ name: 'grok', title: 'Grok patterns', description: 'Reads lines by patterns that an admin declares.' },
  options_schema: { type: 'object', properties: { patterns: { type: 'array', items: { type: 'string' } } } },
};

/** Notes on parsers, dry runs and declarations. */
export const PARSER_NOTES: OperationNotes = {
  Parsers_list: { answers: { 200: { parsers: [SYSLOG, SHOP], kinds: [KIND] } } },
  Parsers_find: {
    answers: {
      200: {
        ...SYSLOG,
        options_schema: { type: 'object', properties: { event_type: { type: 'string', default: 'log' } } },
        samples: [{ name: 'rfc3164', lines: [LINE] }],
      },
    },
    problems: ['parser_not_found'],
  },
  Parsers_dryRun: {
    request: { lines: [LINE, '<999>1 not syslog'], options: { received_at: '2026-11-20T08:15:30Z' } },
    answers: {
      200: {
        results: [
          {
            parser: 'syslog',
            confidence: 'full',
            certainty: 1,
            event: {
              timestamp: '2026-10-11T22:14:15.000000000Z',
              event_type: 'log',
              severity_number: 18,
              level: 'critical',
              service: 'sshd',
              host: 'web-1',
              message: 'Failed password for root',
              attributes: { 'syslog.priority': 34, 'syslog.procid': '4211', parser: 'syslog' },
            },
            warnings: ['The time has no year: the nearest one in the past is taken.'],
          },
          { parser: 'syslog', reason: 'bad_priority', message: 'A priority is a number from 0 to 191.' },
        ],
      },
    },
    problems: [
      ...(['parser_not_found', 'event_type_unknown', 'line_too_long', 'too_many_dry_runs'] as const),
      ...(['stream_unknown', 'query_invalid', 'too_many_searches'] as const),
      ...(['search_timeout', 'search_unavailable'] as const),
    ],
  },
  DeclaredParsers_put: {
    request: { ...DECLARATION, title: 'Lines of the shop', samples: [DECLARED_LINE] },
    answers: { 200: DESCRIBED_SHOP },
    problems: [
      'parser_name_invalid',
      'parser_name_taken',
      'parser_kind_unknown',
      ...(['parser_not_made', 'parser_conflict', 'too_many_parsers', 'too_many_dry_runs'] as const),
    ],
  },
  DeclaredParsers_remove: {
    answers: { 200: DESCRIBED_SHOP },
    problems: ['parser_not_found', 'parser_not_declared', 'parser_in_use', 'parser_conflict'],
  },
  DeclaredParsers_dryRun: {
    request: { ...DECLARATION, lines: [DECLARED_LINE] },
    answers: {
      200: {
        results: [
          {
            ...{ parser: 'tried', confidence: 'full', certainty: 0, warnings: [] },
            event: {
              ...{ timestamp: '2026-11-20T12:00:01.000000000Z', event_type: 'log', severity_number: 17 },
              ...{ level: 'ERROR', message: 'no stock', attributes: { parser: 'tried' } },
            },
          },
        ],
      },
    },
    problems: [
      ...(['parser_kind_unknown', 'parser_not_made', 'event_type_unknown', 'line_too_long'] as const),
      'too_many_dry_runs',
    ],
  },
};
