import type { OperationNotes } from './operation-note.js';
import { SAMPLE } from './sample-values.js';

const RULE = {
  kind: 'lookup',
  options: { file: 'owners.csv', key_column: 'host' },
  streams: ['default'],
  field: 'host',
  prefix: 'asset',
};
const STORED = {
  ...{ name: 'owners', ...RULE, state: 'ready' },
  data: { title: '2 fields by host', entries: 120, loaded_at: SAMPLE.time },
  counters: { looked_up: 12, found: 10, missed: 2, failed: 0, kept: 0, unfit: 0 },
  ...{ version: 1, changed_at: SAMPLE.received },
  changed_by: { key_id: SAMPLE.keyId, key_name: 'admin' },
};
const KIND = {
  kind: 'lookup',
  title: 'Look-up in a table',
  description: 'Adds columns of the row of a CSV table whose key is the value of a field.',
  options_schema: { type: 'object', properties: { file: { type: 'string' } } },
};

/** Notes on enrichments. */
export const ENRICHMENT_NOTES: OperationNotes = {
  Enrichments_list: { answers: { 200: { enrichments: [STORED], kinds: [KIND] } } },
  Enrichments_find: { answers: { 200: STORED }, problems: ['enrichment_not_found'] },
  Enrichments_put: {
    request: RULE,
    answers: { 200: STORED },
    problems: [
      ...(['enrichment_name_invalid', 'enrichment_kind_unknown', 'enrichment_invalid'] as const),
      'too_many_enrichments',
    ],
  },
  Enrichments_remove: { answers: { 200: STORED }, problems: ['enrichment_not_found'] },
  Enrichments_reload: { answers: { 200: STORED }, problems: ['enrichment_not_found'] },
  Enrichments_dryRun: {
    request: { events: [{ host: 'web-1', message: 'started' }] },
    answers: { 200: { results: [{ added: { 'asset.owner': 'shop' } }] } },
    problems: ['enrichment_kind_unknown', 'enrichment_invalid', 'too_many_dry_runs'],
  },
};
