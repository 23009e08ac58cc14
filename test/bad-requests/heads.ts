import { json, text, type BadRequest } from './bad-request.js';

const LINE = '{"message":"good"}\n';
const body = (): string => LINE;

const types: readonly BadRequest[] = [
  ['no Content-Type', undefined, 'unsupported_media_type'],
  ['a form', 'application/x-www-form-urlencoded', 'unsupported_media_type'],
  ['XML', 'application/xml', 'unsupported_media_type'],
  ['a type that is none', 'json', 'unsupported_media_type'],
  ['a type of a polluting name', '__proto__', 'unsupported_media_type'],
  ['Latin-1', 'text/plain; charset=iso-8859-1', 'unsupported_charset'],
  ['UTF-16', 'application/json; charset="utf-16"', 'unsupported_charset'],
].map(([name, type, code]) => ({
  name: `${name} as its type`,
  headers: { 'content-type': type },
  body,
  status: 415,
  code: code as string,
}));

const headers: readonly BadRequest[] = [
  ['a key that is none', { authorization: 'Bearer alv_nobody12_x' }, 401, 'unauthenticated'],
  ['no key', { authorization: undefined }, 401, 'unauthenticated'],
  ['a source that is no name', { 'alluvium-source': '../etc' }, 400, 'source_invalid'],
  [
    'an Idempotency-Key that is too long',
    { 'idempotency-key': 'k'.repeat(256) },
    400,
    'idempotency_key_invalid',
  ],
  ['headers without end', { 'x-filler': 'x'.repeat(20_000) }, 431, 'headers_too_large'],
  ['an expectation that nobody knows', { expect: '200-ok' }, 417, 'expectation_failed'],
].map(([name, more, status, code]) => ({
  name: name as string,
  headers: more as Readonly<Record<string, string | undefined>>,
  body,
  status: status as number,
  code: code as string,
}));

const paths: readonly BadRequest[] = [
  ['a stream of a path outside', '/api/v1/streams/..%2f..%2fetc/events', 400, 'stream_name_invalid'],
  ['a stream of a polluting name', '/api/v1/streams/__proto__/events', 400, 'stream_name_invalid'],
  ['a stream of quotes', '/api/v1/streams/a%60%27%22/events', 400, 'stream_name_invalid'],
  ['a broken escape', '/api/v1/streams/%zz/events', 400, 'bad_request'],
  ['a stream of 300 letters', `/api/v1/streams/${'s'.repeat(300)}/events`, 400, 'stream_name_invalid'],
  ['a stream of 600 letters', `/api/v1/streams/${'s'.repeat(600)}/events`, 414, 'uri_too_long'],
  ['a path that is none', '/api/v1/event', 404, 'route_unknown'],
  ['a parameter that is none', '/api/v1/events?strcit=true', 400, 'invalid_request'],
  ['a parameter twice', '/api/v1/events?strict=true&strict=false', 400, 'invalid_request'],
  ['a polluting parameter', '/api/v1/events?__proto__[x]=1', 400, 'invalid_request'],
  ['a parser for JSON', '/api/v1/events?parser=json', 400, 'invalid_request'],
].map(([name, path, status, code]) => ({
  name: name as string,
  path: path as string,
  body,
  status: status as number,
  code: code as string,
}));

/** What stands before the body. */
export const HEADS: readonly BadRequest[] = [
  ...types,
  ...headers,
  ...paths,
  {
    name: 'a parser that is none',
    path: '/api/v1/events?parser=perl',
    headers: text,
    body,
    status: 400,
    code: 'parser_unknown',
    says: 'auto',
  },
  {
    name: 'a method that is none',
    method: 'PUT',
    path: '/api/v1/events',
    headers: json,
    body,
    status: 405,
    code: 'method_not_allowed',
  },
  {
    name: 'text for a path that takes JSON',
    path: '/api/v1/logs',
    headers: text,
    body,
    status: 415,
    code: 'unsupported_media_type',
  },
  {
    name: 'polluting JSON for a path that takes JSON',
    path: '/api/v1/logs',
    headers: json,
    body: () => '{"__proto__":{"limit":1}}',
    status: 400,
    code: 'invalid_json',
  },
  {
    name: 'bad UTF-8 for a path that takes JSON',
    path: '/api/v1/logs',
    headers: json,
    body: () => Buffer.from('{"search":"\xff"}', 'latin1'),
    status: 400,
    code: 'invalid_json',
    says: 'UTF-8',
  },
];
