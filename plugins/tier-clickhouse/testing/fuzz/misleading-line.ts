import * as fc from 'fast-check';
import type { EventTypeDeclaration } from '#event-model';
import { fieldsOf } from '../../schema/columns.js';

/** Pieces of which a text could look like the end of a key or the beginning of a value. */
const PIECES = [':', '"', '\\', ',', ' ', '[', ']', '{', '}', '":"', '\\":"', '\t', 'a', '7', 'é', 'status'];
const SPACES = [...Array<string>(20).fill(''), ' ', '  ', '\t', '\r'];

/** Keys of no field, by an alias, and such as could pass for the end of one or for another. */
const OTHER_KEYS = [
  'x',
  'y',
  'z',
  'msg',
  'ts',
  'code',
  ':',
  '',
  'a"status',
  'a":',
  '":"',
  'a\\',
  'x"message',
];

/** Objects with few keys, mostly declared ones, whose texts, arrays and spaces try to pass for what they are not. */
export function misleadingLine(eventType: EventTypeDeclaration): fc.Arbitrary<string> {
  const names = ['timestamp', 'event_type', 'id', ...fieldsOf(eventType).map(({ name }) => name)];
  const key = fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...names) },
    { weight: 4, arbitrary: fc.constantFrom(...OTHER_KEYS) },
  );
  const gap = fc.constantFrom(...SPACES);
  const pair = fc
    .tuple(key, gap, gap, value(names))
    .map(([name, before, after, text]) => `${JSON.stringify(name)}${before}:${after}${text}`);
  const pairs = fc.array(pair, { minLength: 1, maxLength: 5 });
  return fc.tuple(pairs, gap).map(([all, space]) => `{${all.join(`,${space}`)}}`);
}

function value(names: readonly string[]): fc.Arbitrary<string> {
  const text = fc
    .array(fc.constantFrom(...PIECES), { maxLength: 4 })
    .map((parts) => JSON.stringify(parts.join('')));
  const word = fc.constantFrom('INFO', 'api', ...names).map((one) => JSON.stringify(one));
  const scalar = fc.constantFrom(
    '1',
    '200',
    '-3',
    '1.50',
    '1e3',
    '70000',
    'true',
    'false',
    'null',
    '"5"',
    '"true"',
  );
  const time = fc.constantFrom(
    '"2026-11-21T03:00:00Z"',
    '"2026-11-21T12:00:00.123456789Z"',
    '1795230000',
    '"soon"',
  );
  const hex = fc.constantFrom(`"${'0a'.repeat(16)}"`, `"${'0A'.repeat(16)}"`, `"${'0b'.repeat(8)}"`);
  const plain = fc.oneof(text, word, word, scalar, time, hex);
  return fc.oneof(
    { weight: 10, arbitrary: plain },
    { weight: 1, arbitrary: fc.array(text, { maxLength: 3 }).map((items) => `[${items.join(', ')}]`) },
    { weight: 1, arbitrary: fc.array(text, { maxLength: 3 }).map((items) => `[${items.join(',')}]`) },
    { weight: 1, arbitrary: text.map((one) => `{"a":${one}}`) },
  );
}
