import { json, type BadRequest } from './bad-request.js';

const LINE = '{"message":"good among bad"}';
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
const nested = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
const keys = (count: number): string =>
  `{${Array.from({ length: count }, (_, n) => `"k${n}":${n}`).join(',')}}`;

/** Each is sent as one of two events; the other one is good and must be found. */
const CASES: readonly (readonly [string, string | Buffer, string])[] = [
  ['no JSON', 'hello', 'not_json'],
  ['JSON that breaks off', '{"a":1', 'not_json'],
  ['two objects in a line', '{"a":1}{"b":2}', 'not_json'],
  ['a number', '12', 'not_object'],
  ['an array', '[1,2]', 'not_object'],
  ['NaN', '{"a":NaN}', 'not_json'],
  ['bad UTF-8', latin1('{"a":"\xff\xfe"}'), 'not_json'],
  ['overlong UTF-8', latin1('{"a":"\xc0\xaf"}'), 'not_json'],
  ['a lone surrogate', '{"a":"\\ud800"}', 'not_json'],
  ['a raw control character', '{"a":"\u0001"}', 'not_json'],
  ['65 levels', nested(65), 'limit:depth'],
  ['a hundred thousand levels, which no parser reads', nested(100_000), 'not_json'],
  ['2,001 keys', keys(2_001), 'limit:keys'],
  ['a key of 257 bytes', `{"${'k'.repeat(257)}":1}`, 'limit:key_length'],
  ['a time that is none', '{"timestamp":"yesterday"}', 'bad:timestamp'],
  ['a time in a hundred years', '{"timestamp":"2126-01-01T00:00:00Z"}', 'range:timestamp'],
];

const asLines: readonly BadRequest[] = CASES.map(([name, event, code]) => ({
  name: `${name} in a line`,
  headers: { prefer: 'wait=30' },
  body: () => Buffer.concat([Buffer.from(`${LINE}\n`), Buffer.from(event), Buffer.from('\n')]),
  status: 200,
  code,
  says: '"stored":1,"quarantined":1',
}));

const asElements: readonly BadRequest[] = [
  ['a word', 'hello', 'not_json'],
  ['a number', '12', 'not_object'],
  ['bad UTF-8', latin1('{"a":"\xff\xfe"}'), 'not_json'],
  ['brackets that cross', '{"a":[1},{"b":2]}', 'not_json'],
].map(([name, event, code]) => ({
  name: `${name as string} in an array`,
  headers: { ...json, prefer: 'wait=30' },
  body: () => Buffer.concat([Buffer.from(`[${LINE},`), Buffer.from(event as string), Buffer.from(']')]),
  status: 200,
  code: code as string,
  says: '"stored":1,"quarantined":1',
}));

/** Requests of one good and one bad event: the good one is stored, the bad one is in quarantine. */
export const QUARANTINED: readonly BadRequest[] = [...asLines, ...asElements];
/** What the good ones hold. */
export const GOOD_MESSAGE = 'good among bad';
