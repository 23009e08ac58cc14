import type { OperationNotes } from './operation-note.js';
import { SAMPLE } from './sample-values.js';

const REQUEST = { kind: 'webhook', options: { url: 'https://alerts.example.org/hook' }, severity: 'warning' };
const NOTIFIER = {
  ...{ name: 'team', ...REQUEST },
  counters: { sent: 2, failed: 0, left_out: 0, waiting: 0 },
  ...{ created_at: SAMPLE.time, updated_at: SAMPLE.time },
};
const ALARM = {
  ...{ kind: 'input_failed', key: 'input_failed/office', severity: 'warning' },
  title: 'The input office does not listen',
  text: 'The port 5514 is in use. Choose another port.',
  facts: { input: 'office', kind: 'syslog' },
  since: SAMPLE.time,
};
const KIND = {
  kind: 'webhook',
  title: 'Webhook',
  description: 'Sends what happens as JSON to an address by HTTP POST.',
  options_schema: { type: 'object', properties: { url: { type: 'string' } } },
};

/** Notes on notifiers. */
export const NOTIFIER_NOTES: OperationNotes = {
  Notifiers_list: { answers: { 200: { notifiers: [NOTIFIER], alarms: [ALARM], kinds: [KIND] } } },
  Notifiers_find: { answers: { 200: NOTIFIER }, problems: ['notifier_not_found'] },
  Notifiers_put: {
    request: REQUEST,
    answers: { 200: NOTIFIER },
    problems: ['notifier_name_invalid', 'notifier_kind_unknown', 'too_many_notifiers'],
  },
  Notifiers_test: { answers: { 200: { delivered: true } }, problems: ['notifier_not_found'] },
  Notifiers_remove: { answers: { 200: NOTIFIER }, problems: ['notifier_not_found'] },
};
