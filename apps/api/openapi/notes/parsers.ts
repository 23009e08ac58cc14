import type { OperationNotes } from './operation-note.js';

const SYSLOG = {
  name: 'syslog',
  title: 'Syslog',
  description: 'Syslog of RFC 3164 and RFC 5424, as it is sent and as it stands in files.',
  version: '1.0.0',
  stability: 'stable',
};
const LINE = '<34>Oct 11 22:14:15 web-1 sshd[4211]: Failed password for root';

/** Notes on parsers and dry runs. */
export const PARSER_NOTES: OperationNotes = {
  Parsers_list: { answers: { 200: { parsers: [SYSLOG] } } },
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
    problems: ['parser_not_found', 'event_type_unknown', 'line_too_long', 'too_many_dry_runs'],
  },
};
