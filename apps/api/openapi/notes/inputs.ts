import type { OperationNotes } from './operation-note.js';
import { SAMPLE } from './sample-values.js';

const SOURCES = [
  { networks: ['10.0.0.0/8', 'fd00::/8'], tenant: 'default', stream: 'syslog', zone: 'Europe/Berlin' },
];
const OPTIONS = { udp_port: 5514, tcp_port: 5514 };
const SUMMARY = {
  name: 'office',
  kind: 'syslog',
  state: 'running',
  enabled: true,
  from: 'api',
  listens: [
    { transport: 'udp', host: '::', port: 5514 },
    { transport: 'tcp', host: '::', port: 5514 },
  ],
  counters: {
    messages: 2,
    bytes: 188,
    refused: 1,
    dropped: { cut: 1 },
    truncated: 0,
    blank: 0,
    connections: 1,
  },
  created_at: SAMPLE.time,
  updated_at: SAMPLE.time,
};
const COUNT = { messages: 2, bytes: 188, first_seen: SAMPLE.time, last_seen: SAMPLE.received };
const INPUT = {
  ...SUMMARY,
  options: { ...OPTIONS, host: '::', max_connections: 2_000, idle_seconds: 300 },
  sources: SOURCES,
  senders: [{ address: '10.0.0.7', ...COUNT }],
  refused_senders: [{ address: '192.0.2.7', ...COUNT, messages: 1, bytes: 94 }],
  newest: [
    {
      received_at: SAMPLE.received,
      address: '10.0.0.7',
      transport: 'udp',
      taken: true,
      bytes: 42,
      text: '<34>Nov 20 08:15:00 web-1 sshd[7]: hello',
    },
  ],
};
const KIND = {
  kind: 'syslog',
  title: 'Syslog',
  description: 'Takes syslog messages over UDP, TCP and TLS, framed by octet counting, LF or NUL.',
  options_schema: { type: 'object', properties: { udp_port: { type: 'integer' } } },
};

/** Notes on inputs. */
export const INPUT_NOTES: OperationNotes = {
  Inputs_list: { answers: { 200: { inputs: [SUMMARY], kinds: [KIND] } } },
  Inputs_find: { answers: { 200: INPUT }, problems: ['input_not_found'] },
  Inputs_create: {
    request: { name: 'office', kind: 'syslog', options: { udp_port: 0 }, sources: SOURCES, enabled: false },
    answers: { 201: INPUT },
    problems: ['input_kind_unknown', 'input_exists', 'too_many_inputs'],
  },
  Inputs_change: {
    request: { sources: SOURCES },
    answers: { 200: INPUT },
    problems: ['input_not_found', 'input_from_settings', 'input_start_failed'],
  },
  Inputs_start: { answers: { 200: INPUT }, problems: ['input_not_found'] },
  Inputs_stop: {
    answers: { 200: { ...INPUT, state: 'stopped', listens: [] } },
    problems: ['input_not_found'],
  },
  Inputs_remove: {
    answers: { 200: { ...INPUT, state: 'stopped', listens: [] } },
    problems: ['input_not_found', 'input_from_settings'],
  },
};
