import type { OperationNotes } from './operation-note.js';
import { SAMPLE } from './sample-values.js';

const KEY = {
  id: SAMPLE.keyId,
  name: 'web-agents',
  tenant: 'default',
  scopes: ['events:write'],
  default_stream: SAMPLE.stream,
  source: 'web',
  created_at: SAMPLE.time,
};
const STREAM = {
  name: 'web-access',
  event_type: 'service-log',
  keep_raw: 'when_needed',
  created_at: SAMPLE.time,
};
const TENANT = { name: 'shop', created_at: SAMPLE.time };

/** Notes on keys, streams, tenants and the ledger. */
export const ADMIN_NOTES: OperationNotes = {
  Keys_list: { answers: { 200: { keys: [KEY] } } },
  Keys_find: { answers: { 200: KEY }, problems: ['key_not_found'] },
  Keys_create: {
    request: { name: 'web-agents', scopes: ['events:write'], source: 'web' },
    answers: { 201: { ...KEY, key: 'alv_4f7a19c2_…' } },
    problems: ['key_invalid', 'tenant_not_found', 'stream_name_invalid'],
  },
  Keys_revoke: { answers: { 200: { ...KEY, revoked_at: SAMPLE.received } }, problems: ['key_not_found'] },
  Streams_list: { answers: { 200: { streams: [STREAM] } } },
  Streams_create: {
    request: { name: 'web-access', event_type: 'service-log' },
    answers: { 201: STREAM },
    problems: [
      ...(['stream_name_invalid', 'stream_exists', 'too_many_streams', 'event_type_unknown'] as const),
      'documents_tier_missing',
    ],
  },
  Streams_find: { answers: { 200: STREAM }, problems: ['stream_unknown'] },
  Streams_check: {
    answers: { 200: { ok: true, days_wrong: [] } },
    problems: ['stream_unknown', 'event_type_missing', 'search_timeout', 'search_unavailable'],
  },
  Tenants_list: { answers: { 200: { tenants: [TENANT] } } },
  Tenants_find: { answers: { 200: TENANT }, problems: ['tenant_not_found'] },
  Tenants_create: {
    request: { name: 'shop' },
    answers: { 201: TENANT },
    problems: ['tenant_invalid', 'tenant_exists'],
  },
  Ledger_read: {
    answers: {
      200: {
        rows: [
          {
            ...{ source: 'web', stream: SAMPLE.stream, received: 90 },
            ...{ since: '2026-09-01T00:00:00.000Z', minute: '2026-10-21T08:14:00.000Z' },
            ...{ stored: 89, quarantined: 1, deduplicated: 0, dropped: 0, pending: 0, residue: 0 },
          },
          {
            ...{ source: 'web', stream: SAMPLE.stream, minute: '2026-11-20T08:15:00.000Z', received: 2 },
            ...{ stored: 1, quarantined: 1, deduplicated: 0, dropped: 0, pending: 0, residue: 0 },
          },
        ],
        by_minute_since: '2026-10-21T08:15:00.000Z',
        residue: 0,
      },
    },
  },
};
