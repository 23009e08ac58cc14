import type { ProblemCode } from './problem-code.js';

/** The request itself. */
export const REQUEST_CODES = {
  invalid_request: {
    status: 400,
    title: 'The request has mistakes',
    mend: 'Correct every entry of errors and send it again.',
  },
  archive_scan_unconfirmed: {
    status: 400,
    title: 'The question reads many bytes of archives',
    mend: 'Narrow the time range or name streams, or send it again with confirm_archive_scan: true.',
  },
  archive_scan_too_large: {
    status: 400,
    title: 'The question reads more of the archives than this machine may hold',
    mend: 'Narrow the time range, or let an admin raise ALLUVIUM_ARCHIVE_CACHE_BYTES.',
  },
  invalid_json: {
    status: 400,
    title: 'The body is not JSON',
    mend: 'Send one complete JSON object as UTF-8.',
  },
  bad_request: {
    status: 400,
    title: 'The request can not be read',
    mend: 'Correct its URL, headers or framing.',
  },
  encoding_damaged: {
    status: 400,
    title: 'The compressed body is damaged',
    mend: 'Compress the events again, and send the whole of it and nothing behind it.',
  },
  parser_unknown: {
    status: 400,
    title: 'There is no such parser',
    mend: 'Use one that the detail names, or name none.',
  },
  empty_body: {
    status: 400,
    title: 'The body holds no event',
    mend: 'Send at least one line that is not blank.',
  },
  source_invalid: {
    status: 400,
    title: 'Alluvium-Source is no name of a source',
    mend: 'Use 1 to 64 of a-z, 0-9, ., _ and -, or leave the header out.',
  },
  idempotency_key_invalid: {
    status: 400,
    title: 'Idempotency-Key can not be used',
    mend: 'Use 1 to 255 printable ASCII characters, such as a UUID.',
  },
  event_id_invalid: {
    status: 400,
    title: 'That is no id of an event',
    mend: 'Use event_id as a search returned it: 32 hex digits, a hyphen and a number.',
  },
  search_invalid: {
    status: 400,
    title: 'The search can not be answered',
    mend: 'Change what the detail names.',
  },
  query_invalid: {
    status: 400,
    title: 'The query can not be read',
    mend: 'Correct it where the detail says; docs/guide/query-language.md has every construct.',
  },
  cursor_invalid: {
    status: 400,
    title: 'The cursor does not belong to this search',
    mend: 'Send next_cursor exactly as it came, with the same search; to begin anew, leave cursor out.',
  },
  too_many_exports: {
    status: 429,
    title: 'Too many exports are under way',
    mend: 'Wait for one of them to end, then send the same request again.',
  },
  export_no_space: {
    status: 503,
    title: 'The disk has no room for the file',
    mend: 'Export as ndjson or csv, which need no room, or a shorter time; or ask an admin to free space.',
  },
  too_many_searches: {
    status: 429,
    title: 'Too many searches run at once',
    mend: 'Wait for one to end, then send this one again after the seconds in Retry-After.',
  },
  too_many_tails: {
    status: 429,
    title: 'Too many live tails are open',
    mend: 'Close one of them, then ask again after the seconds in Retry-After.',
  },
  too_many_groups: {
    status: 400,
    title: 'The answer would be too large',
    mend: 'Group by fewer fields, choose a longer interval or a smaller limit, or narrow the time range.',
  },
  unauthenticated: {
    status: 401,
    title: 'No valid key',
    mend: 'Send "Authorization: Bearer <key>" with a key that is neither revoked nor expired.',
  },
  forbidden: {
    status: 403,
    title: 'The key may not do this',
    mend: 'Use a key that has the scope and the stream, or ask an admin for one.',
  },
  route_unknown: {
    status: 404,
    title: 'There is nothing at this path',
    mend: 'See /docs for all paths.',
  },
  method_not_allowed: {
    status: 405,
    title: 'This path does not take this method',
    mend: 'Use one of the methods in Allow.',
  },
  request_timeout: {
    status: 408,
    title: 'The request took too long to arrive',
    mend: 'Send smaller bodies, or over a faster line.',
  },
  body_too_large: {
    status: 413,
    title: 'The body is too large',
    mend: 'Spread the events over several requests.',
  },
  ratio_too_high: {
    status: 413,
    title: 'The body is compressed too strongly',
    mend: 'Send these events uncompressed, or fewer in a request.',
  },
  line_too_long: {
    status: 413,
    title: 'A line is too long',
    mend: 'Shorten the event on that line, or split it.',
  },
  uri_too_long: { status: 414, title: 'The path is too long', mend: 'Shorten it.' },
  unsupported_media_type: {
    status: 415,
    title: 'This content type is not taken here',
    mend: 'Send what the detail names.',
  },
  unsupported_encoding: {
    status: 415,
    title: 'This content encoding is not taken',
    mend: 'Send it in one layer of gzip, deflate, br or zstd, or as it is without Content-Encoding.',
  },
  unsupported_charset: {
    status: 415,
    title: 'This character set is not taken',
    mend: 'Send UTF-8.',
  },
  expectation_failed: {
    status: 417,
    title: 'This expectation is not known',
    mend: 'Send Expect: 100-continue, or no Expect at all.',
  },
  events_invalid: {
    status: 422,
    title: 'Some events would be refused',
    mend: 'Correct the events that errors names, or leave ?strict=true out: then only they go to quarantine.',
  },
  idempotency_key_reused: {
    status: 422,
    title: 'The Idempotency-Key was used for other events',
    mend: 'Use a fresh key for each new request, and the same one only to repeat a request byte for byte.',
  },
  headers_too_large: { status: 431, title: 'The headers are too large', mend: 'Send fewer or shorter ones.' },
} as const satisfies Readonly<Record<string, ProblemCode>>;
