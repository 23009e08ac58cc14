import * as fc from 'fast-check';
import type { EventTypeDeclaration } from '#event-model';
import { eventText } from './event-text.js';
import { valueText } from './json-text.js';

const LF = 0x0a;
const CR = 0x0d;

/** Text that is no JSON, or JSON that is no event, or close to a limit. */
const ODD_LINES: readonly (string | Uint8Array)[] = [
  'plain text',
  '{',
  '}',
  '{}',
  '{}{}',
  '{} {}',
  '[]',
  'null',
  'NaN',
  '{"a":NaN}',
  '{"a":Infinity}',
  "{'a':1}",
  '{a:1}',
  '{"a":1,}',
  '{"a":01}',
  '{"a":+1}',
  '{"a":.5}',
  '{"a":1.}',
  '{"a":0x10}',
  '{"a":"\t"}',
  '{"a":"\\x41"}',
  '{"a":"\\ud800"}',
  '{"a":"\\udc00\\ud800"}',
  '{"\\ud800":1}',
  '{"a":1}//',
  '\ufeff{"a":1}',
  '\ufeff{"a":1,"a":2}',
  '\ufeff\ufeff{"a":1}',
  '\u0000{"a":1}',
  '{"a":1}\u0000',
  '{"a":"\u0000"}',
  '"{\\"message\\":\\"x\\"}"',
  Buffer.from([0xff, 0xfe, 0x7b]),
  Buffer.from('{"a":"\u00e9"}', 'latin1'),
  Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('"}')]),
  Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xc0, 0xaf]), Buffer.from('"}')]),
  `{"a":${'['.repeat(70)}${']'.repeat(70)}}`,
  `{"a":${'['.repeat(62)}${']'.repeat(62)}}`,
  `${'['.repeat(2_000)}`,
  `${'{"a":'.repeat(1_500)}1${'}'.repeat(1_500)}`,
  `{${Array.from({ length: 1_999 }, (_, n) => `"k${n}":${n}`).join(',')}}`,
  `{${Array.from({ length: 2_100 }, (_, n) => `"k${n}":${n}`).join(',')}}`,
  `{${Array.from({ length: 300 }, () => '"same":1').join(',')}}`,
];

/** Lines as hostile clients and broken ones send them: never empty, no LF in them, no CR at their end. */
export function hostileLine(eventType: EventTypeDeclaration): fc.Arbitrary<Buffer> {
  const event = eventText(eventType).map((line) => Buffer.from(line));
  const lines = fc.oneof(
    { weight: 12, arbitrary: event },
    { weight: 4, arbitrary: fc.tuple(event, mutations()).map(mutate) },
    { weight: 2, arbitrary: fc.constantFrom(...ODD_LINES).map((line) => Buffer.from(line)) },
    { weight: 1, arbitrary: valueText().map((line) => Buffer.from(line)) },
    {
      weight: 1,
      arbitrary: fc.uint8Array({ minLength: 1, maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    },
  );
  return lines.map(asLine);
}

/** A line of about this many bytes, its bulk in one string, in many keys or in one array. */
export function longLine(bytes: number, kind: number): Buffer {
  const n = Math.floor(bytes / 16);
  const parts = [
    () => `{"message":"${'x"\\'.replace(/["\\]/g, '\\$&').repeat(Math.floor(bytes / 5))}"}`,
    () => `{"a":[${Array.from({ length: n }, (_, i) => `{"k":${i}}`).join(',')}]}`,
    () => `{${Array.from({ length: n }, (_, i) => `"key${i}":${i}`).join(',')}}`,
    () => `{"message":"${'é'.repeat(Math.floor(bytes / 2))}`,
  ];
  return asLine(Buffer.from(parts[kind % parts.length]?.() ?? ''));
}

interface Mutation {
  readonly at: number;
  readonly byte: number;
  readonly kind: 'flip' | 'insert' | 'delete' | 'cut' | 'double';
}

function mutations(): fc.Arbitrary<Mutation[]> {
  const kind = fc.constantFrom('flip', 'insert', 'delete', 'cut', 'double') as fc.Arbitrary<Mutation['kind']>;
  const byte = fc.oneof(fc.nat(255), fc.constantFrom(...Buffer.from('"\\{}[]:,0e.-\u0000 ')));
  return fc.array(fc.record({ at: fc.nat(400), byte, kind }), { minLength: 1, maxLength: 3 });
}

function mutate([line, changes]: [Buffer, Mutation[]]): Buffer {
  return changes.reduce(mutateOnce, line);
}

function mutateOnce(line: Buffer, { at, byte, kind }: Mutation): Buffer {
  const place = at % (line.length + 1);
  const [before, after] = [line.subarray(0, place), line.subarray(place)];
  const one = Buffer.from([byte]);
  if (kind === 'insert') return Buffer.concat([before, one, after]);
  if (kind === 'delete') return Buffer.concat([before, after.subarray(1)]);
  if (kind === 'cut') return Buffer.from(before);
  return kind === 'double' ? Buffer.concat([line, after]) : Buffer.concat([before, one, after.subarray(1)]);
}

function asLine(bytes: Uint8Array): Buffer {
  const line = Buffer.from(bytes.map((byte) => (byte === LF ? 0x20 : byte)));
  const end = line.findLastIndex((byte) => byte !== CR) + 1;
  const kept = line.subarray(0, end);
  return kept.toString().trim() === '' ? Buffer.from('?') : kept;
}
