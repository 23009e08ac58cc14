import type { OperationNote, OperationNotes } from './operation-note.js';
import { SAMPLE } from './sample-values.js';

const VERDICTS = {
  accepted: 2,
  stored: 1,
  quarantined: 1,
  deduplicated: 0,
  dropped: 0,
  pending: 0,
  refused: [{ index: 1, code: 'not_json', mend: 'Send one JSON object on each line.' }],
};

const SENDING: OperationNote = {
  answers: {
    202: { receipt: SAMPLE.receipt, accepted: 2 },
    200: { receipt: SAMPLE.receipt, ...VERDICTS },
  },
  problems: [
    ...(['encoding_damaged', 'parser_unknown', 'empty_body', 'source_invalid'] as const),
    ...(['idempotency_key_invalid', 'idempotency_key_reused', 'events_invalid'] as const),
    ...(['ratio_too_high', 'line_too_long', 'unsupported_encoding', 'unsupported_charset'] as const),
    ...(['stream_read_only'] as const),
    ...(['stream_unknown', 'too_many_streams', 'event_type_missing', 'backlog_full', 'busy'] as const),
    ...(['disk_filling', 'disk_reserve', 'bus_full', 'bus_unavailable', 'outcome_unknown'] as const),
  ],
};

/** Notes on taking events and asking what became of them. */
export const EVENT_NOTES: OperationNotes = {
  Ingest_sendToDefault: SENDING,
  Ingest_sendToStream: { ...SENDING, problems: [...(SENDING.problems ?? []), 'stream_name_invalid'] },
  Receipts_read: { answers: { 200: VERDICTS }, problems: ['receipt_unknown', 'bus_unavailable'] },
};
