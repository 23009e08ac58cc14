import * as fc from 'fast-check';

/** Texts of numbers, at the edges of what doubles and 64-bit integers hold. */
const NUMBERS = [
  '0',
  '-0',
  '-0.0',
  '1e308',
  '-1.7976931348623157e308',
  '1e400',
  '1e-400',
  '5e-324',
  '1E+2',
  '2e2',
  '200.0',
  '1.5',
  '0.1',
  '65535',
  '65536',
  '9007199254740991',
  '9007199254740993',
  '9223372036854775807',
  '9223372036854775808',
  '-9223372036854775808',
  '-9223372036854775809',
  '18446744073709551615',
  '18446744073709551616',
  '123456789012345678901234567890',
  '0.1000000000000000055511151231257827021181583404541015625',
  '123456789.123456789123456789',
];

/** Strings that something on the way might take for more than text. */
const STRINGS = [
  '',
  ' ',
  '"',
  '\\',
  '\\N',
  'null',
  'true',
  '0',
  '-',
  '{',
  '}',
  '[[[[',
  '","message":"',
  '"timestamp":"',
  '\u0000',
  '\u0000a',
  '\ufeff',
  '\u2028',
  '\u007f\u0080',
  '😀',
  '{p0:String}',
  "'; DROP TABLE x --",
  '%s',
  '/* */',
  '\t\r\n',
  'ﷺ'.repeat(20),
  '0'.repeat(400),
];

/** Keys that are special somewhere. */
const KEYS = [
  '',
  '__proto__',
  'constructor',
  'toString',
  'attributes',
  'attributes.a',
  'a.b',
  'a',
  'A',
  'null',
  'message ',
  'Message',
  'raw',
  'reason',
  'block',
  'row',
  'line',
  'source',
  'received_at',
  'generation',
  'shape',
  'j',
  '_flat',
  'value.message',
  'severity_number',
  '\u0000',
  '"',
  '\\',
  '😀',
  "k'",
  '`k`',
];

const space = fc.constantFrom('', '', '', '', ' ', '\t', '\r', '  ');

/** Any text between quotes: escaped as little as JSON asks for, wholly, or in its letters only. */
export function stringText(value: fc.Arbitrary<string> = text()): fc.Arbitrary<string> {
  return fc.tuple(value, fc.constantFrom('plain', 'plain', 'plain', 'escaped', 'slashed')).map(encode);
}

export function text(): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...STRINGS) },
    { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
    { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 20 }) },
  );
}

export function numberText(): fc.Arbitrary<string> {
  return fc.oneof(
    fc.constantFrom(...NUMBERS),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
    fc.integer().map(String),
    fc.bigInt(-(2n ** 65n), 2n ** 65n).map(String),
  );
}

export function keyName(): fc.Arbitrary<string> {
  return fc.oneof(fc.constantFrom(...KEYS), text(), fc.string({ minLength: 240, maxLength: 300 }));
}

/** Text of any JSON value. */
export function valueText(): fc.Arbitrary<string> {
  return fc.letrec<{ value: string }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      fc.oneof(
        stringText(),
        numberText(),
        fc.constantFrom('null', 'true', 'false', '{}', '[]', '[{}]', '""'),
      ),
      fc.array(fc.tuple(stringText(keyName()), tie('value')), { maxLength: 4 }).chain(objectText),
      fc.array(tie('value'), { maxLength: 4 }).map((items) => `[${items.join(',')}]`),
    ),
  })).value;
}

/** An object of these entries, keys as texts, with white space where JSON allows it. */
export function objectText(
  entries: readonly (readonly [key: string, value: string])[],
): fc.Arbitrary<string> {
  const spaces = fc.array(space, { minLength: 6, maxLength: 6 });
  return fc.tuple(spaces, fc.boolean()).map(([[a, b, c, d, e, f], dense]) => {
    if (dense) return `{${entries.map(([key, value]) => `${key}:${value}`).join(',')}}`;
    return `${a}{${entries.map(([key, value]) => `${b}${key}${c}:${d}${value}${e}`).join(',')}}${f}`;
  });
}

function encode([value, how]: [string, string]): string {
  const units = Array.from({ length: value.length }, (_, n) => value.charCodeAt(n));
  const escape = (unit: number): string => `\\u${unit.toString(16).padStart(4, '0')}`;
  if (how === 'escaped') return `"${units.map(escape).join('')}"`;
  return how === 'slashed' ? JSON.stringify(value).replaceAll('/', '\\/') : JSON.stringify(value);
}
