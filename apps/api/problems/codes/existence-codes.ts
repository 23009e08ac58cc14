import type { ProblemCode } from './problem-code.js';

/** Things that are not there, or are there already. */
export const EXISTENCE_CODES = {
  receipt_unknown: {
    status: 404,
    title: 'There is no such receipt for this key',
    mend: 'Ask with the key that sent the events; receipts are answered for 7 days.',
  },
  event_unknown: {
    status: 404,
    title: 'There is no such event',
    mend: 'Check the id; an event is found some hundred milliseconds after its acceptance.',
  },
  stream_unknown: {
    status: 404,
    title: 'There is no such stream',
    mend: 'Create it with POST /api/v1/streams, or send with a key that has the scope streams:create.',
  },
  stream_name_invalid: {
    status: 400,
    title: 'That is no name for a stream',
    mend: 'Use 1 to 63 of a-z, 0-9, _ and -, starting with a letter or digit.',
  },
  stream_exists: {
    status: 409,
    title: 'The stream exists already',
    mend: 'Use it as it is, or choose another name.',
  },
  too_many_streams: {
    status: 409,
    title: 'The tenant has all the streams it may have',
    mend: 'Send to an existing stream.',
  },
  event_type_unknown: {
    status: 400,
    title: 'There is no such event type',
    mend: 'Use one that GET /api/v1/event-types lists.',
  },
  documents_tier_missing: {
    status: 400,
    title: 'There is no documents tier',
    mend: 'Leave stored_in out, or ask an operator to set MONGODB_URI.',
  },
  documents_missing: {
    status: 400,
    title: 'The stream has no copy among documents',
    mend: 'Leave from out, or name streams in stream that are stored in both, or in documents.',
  },
  documents_archived: {
    status: 409,
    title: 'Days of this time are in the archive, and no more among documents',
    mend: 'Narrow the time range to later days, or leave from out.',
  },
  event_type_missing: {
    status: 500,
    title: "The plugin of the stream's event type is missing",
    mend: 'Ask an admin to install the plugin again.',
  },
  key_not_found: {
    status: 404,
    title: 'There is no such key',
    mend: 'List the keys with GET /api/v1/keys.',
  },
  key_invalid: {
    status: 400,
    title: 'The key can not be made as asked',
    mend: 'Correct the field that the detail names.',
  },
  tenant_not_found: { status: 404, title: 'There is no such tenant', mend: 'Name another, or create it.' },
  tenant_invalid: {
    status: 400,
    title: 'That is no name for a tenant',
    mend: 'Use 1 to 63 of a-z, 0-9, _ and -, starting with a letter or digit.',
  },
  tenant_exists: { status: 409, title: 'The tenant exists already', mend: 'Choose another name.' },
} as const satisfies Readonly<Record<string, ProblemCode>>;
