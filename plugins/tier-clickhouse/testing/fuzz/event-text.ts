import * as fc from 'fast-check';
import { TIMESTAMP_KEYS, type EventTypeDeclaration, type FieldDeclaration } from '#event-model';
import { inputFieldsOf } from '../../schema/input-keys.js';
import { keyName, numberText, objectText, stringText, text, valueText } from './json-text.js';

/** Texts of times, good and bad, in the forms that clients use. */
const TIMES = [
  '"2026-11-20T08:15:30Z"',
  '"2026-11-20T08:15:30.5Z"',
  '"2026-11-20T08:15:30.123456789Z"',
  '"2026-11-20T08:15:30.1234567891234Z"',
  '"2026-11-20T08:15:30+05:30"',
  '"2026-11-20T08:15:30-0800"',
  '"2026-11-20 08:15:30"',
  '"2026-11-20T08:15:30"',
  '"2026-11-20"',
  '"2026-11-21T12:00:00.123456789Z"',
  '1795262400123456789',
  '"2026-02-30T00:00:00Z"',
  '"2026-13-01T00:00:00Z"',
  '"2026-11-20T25:00:00Z"',
  '"2026-11-20T08:15:60Z"',
  '"20261120081530"',
  '"20 Nov 2026 08:15:30"',
  '"Nov 20 2026"',
  '"Nov 20 08:15:30"',
  '"20/11/2026:08:15:30 +0000"',
  '"20/Nov/2026:08:15:30 +0000"',
  '"1970-01-01T00:00:00Z"',
  '"1979-12-31T23:59:59.999999999Z"',
  '"1980-01-01T00:00:00Z"',
  '"2026-11-22T12:00:00Z"',
  '"2026-11-22T12:00:00.000000001Z"',
  '"2262-04-11T23:47:16.854775807Z"',
  '"2300-01-01T00:00:00Z"',
  '"9999-12-31T23:59:59Z"',
  '"0000-00-00T00:00:00Z"',
  '"-2026-11-20T08:15:30Z"',
  '"2026-11-20T08:15:30Zjunk"',
  '1763632800',
  '1763632800.123',
  '1763632800123',
  '1763632800123456',
  '1763632800123456789',
  '"1763632800"',
  '"1763632800123"',
  '1.763632800123e12',
  '-1',
  '0',
  '99999999999999999999',
  'null',
  'true',
  '""',
  '"now"',
  '"yesterday"',
  '"12:00"',
  '[]',
  '{"a":1}',
];

const OWN_FORM: Readonly<Record<FieldDeclaration['type'], fc.Arbitrary<string>>> = {
  text: stringText(),
  keyword: stringText(fc.constantFrom('INFO', 'err', 'Ωμέγα', 'a', 'checkout')),
  string: stringText(),
  hex16: stringText(
    fc.constantFrom('4bf92f3577b34da6a3ce929d0e0e4736', '0'.repeat(32), 'AB'.repeat(16), 'abc'),
  ),
  hex8: stringText(fc.constantFrom('00f067aa0ba902b7', '0'.repeat(16), 'zz'.repeat(8), '1')),
  float64: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
  int64: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n).map(String),
  uint16: fc.nat(65_535).map(String),
  uint64: fc.bigInt(0n, 2n ** 64n - 1n).map(String),
  bool: fc.constantFrom('true', 'false'),
};

type Entry = readonly [key: string, value: string];

/** Text of an event of the type: declared fields in their own form and in others, under every name, and anything else. */
export function eventText(eventType: EventTypeDeclaration): fc.Arbitrary<string> {
  const declared = inputFieldsOf(eventType);
  const plain = fc.constantFrom(...declared).chain(({ field }) => entry(field.name, OWN_FORM[field.type]));
  const hostile = fc
    .constantFrom(...declared)
    .chain(({ field, keys }) =>
      fc.constantFrom(...keys).chain((key) => entry(key, fc.oneof(OWN_FORM[field.type], wrongForm()))),
    );
  const time = fc.constantFrom(...TIMESTAMP_KEYS).chain((key) => entry(key, fc.constantFrom(...TIMES)));
  const own = entry('event_type', fc.constant(JSON.stringify(eventType.name)));
  const free = fc.tuple(stringText(keyName()), valueText());
  const calm = fc.array(
    fc.oneof(plain, plain, fc.tuple(stringText(fc.constantFrom('n', 'a b', 'u')), valueText())),
  );
  const wild = fc.array(fc.oneof(plain, hostile, time, own, free), { maxLength: 9 });
  return fc.oneof(fc.tuple(fc.option(time), calm).map(withTime), wild).chain(objectText);
}

function withTime([time, entries]: [Entry | null, Entry[]]): Entry[] {
  return time ? [time, ...entries] : entries;
}

function entry(key: string, value: fc.Arbitrary<string>): fc.Arbitrary<Entry> {
  return fc.tuple(fc.constant(JSON.stringify(key)), value);
}

function wrongForm(): fc.Arbitrary<string> {
  const quotedNumber = numberText().map((number) => `"${number}"`);
  return fc.oneof(
    numberText(),
    quotedNumber,
    stringText(text()),
    fc.constantFrom('null', 'true', '[]', '{"x":[1]}'),
    valueText(),
  );
}
