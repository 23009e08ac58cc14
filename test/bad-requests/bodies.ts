import { EVENTS, json, MIB, text, type BadRequest } from './bad-request.js';

const LINE = '{"message":"good"}\n';
const longLine = `{"message":"${'x'.repeat(MIB)}"}`;

const brokenJson: readonly BadRequest[] = [
  ['a JSON number', '12', 'at byte 0'],
  ['a JSON string', '"text"', 'at byte 0'],
  ['JSON null', 'null', 'at byte 0'],
  ['a word', 'hello', 'at byte 0'],
  ['XML', '<event/>', 'at byte 0'],
  ['an object that breaks off', '{"a":{"b":1}', 'at byte 12'],
  ['an array that breaks off', '[{"a":1}', 'at byte 8'],
  ['a string that breaks off', '{"a":"b', 'at byte 7'],
  ['a trailing comma', '[{"a":1},]', 'at byte 9'],
  ['a missing element', '[{"a":1},,{"b":2}]', 'at byte 9'],
  ['a brace too many', '[{"a":1}}]', 'at byte 8'],
  ['two arrays', '[{"a":1}][{"b":2}]', 'at byte 9'],
  ['NDJSON that is said to be JSON', '{"a":1}\n{"b":2}\n', 'application/x-ndjson'],
  ['a raw line end in a string', '[{"a":"b\nc"}]', 'at byte 8'],
  ['UTF-16', Buffer.from('\ufeff{"a":1}', 'utf16le'), 'at byte 0'],
].map(([name, body, says]) => ({
  name: name as string,
  headers: json,
  body: () => body as string | Buffer,
  status: 400,
  code: 'invalid_json',
  says: says as string,
}));

const empty: readonly BadRequest[] = [
  ['no body', json, ''],
  ['an empty array', json, ' [ ] '],
  ['only blanks as JSON', json, ' \r\n\t'],
  ['only blank lines', {}, '\n \n\t\r\n'],
  ['only blank lines of text', text, '\r\n\r\n'],
  ['only a byte order mark', text, '\ufeff'],
].map(([name, headers, body]) => ({
  name: name as string,
  headers: headers as Readonly<Record<string, string>>,
  body: () => body as string,
  status: 400,
  code: 'empty_body',
}));

const large: readonly BadRequest[] = [
  {
    name: 'a line over the limit',
    body: () => `${LINE}\n${longLine}\n`,
    status: 413,
    code: 'line_too_long',
    says: 'Line 3 has 1048590 bytes',
  },
  {
    name: 'a line of text over the limit',
    headers: text,
    body: () => 'x'.repeat(MIB + 1),
    status: 413,
    code: 'line_too_long',
    says: 'Line 1 has 1048577 bytes',
  },
  {
    name: 'an element over the limit',
    headers: json,
    body: () => `[{},${longLine}]`,
    status: 413,
    code: 'line_too_long',
    says: 'index 1',
  },
  {
    name: 'an object over the limit',
    headers: json,
    body: () => longLine,
    status: 413,
    code: 'line_too_long',
    says: 'index 0',
  },
  {
    name: 'a body over the limit',
    body: () => Buffer.alloc(16 * MIB + 1, LINE),
    status: 413,
    code: 'body_too_large',
    says: '16777216',
  },
  {
    name: 'JSON for another path over its limit',
    path: '/api/v1/logs',
    headers: json,
    body: () => `{"search":"${'x'.repeat(MIB)}"}`,
    status: 413,
    code: 'body_too_large',
    says: '1048576',
  },
];

const strict: readonly BadRequest[] = [
  {
    name: 'a strict request with one bad event',
    path: `${EVENTS}?strict=true`,
    body: () => `${LINE}{"timestamp":"never"}\n${LINE}`,
    status: 422,
    code: 'events_invalid',
    says: '"index":1,"code":"bad:timestamp"',
  },
  {
    name: 'a strict array with bad UTF-8',
    path: `${EVENTS}?strict=true`,
    headers: json,
    body: () => Buffer.from('[{"a":"\xff"},{"b":1}]', 'latin1'),
    status: 422,
    code: 'events_invalid',
    says: '"index":0,"code":"not_json"',
  },
  {
    name: 'strict text',
    path: `${EVENTS}?strict=true`,
    headers: text,
    body: () => 'a line',
    status: 400,
    code: 'invalid_request',
    says: 'strict is for JSON events',
  },
];

/** Bodies that are no events, too many bytes, or not what they are said to be. */
export const BODIES: readonly BadRequest[] = [...brokenJson, ...empty, ...large, ...strict];
