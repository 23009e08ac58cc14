import * as fc from 'fast-check';
import { TIMESTAMP_KEYS, type EventTypeDeclaration } from '#event-model';
import { inputFieldsOf } from '../../schema/input-keys.js';
import { isText } from '../../schema/values.js';

const DIGITS = fc.constantFrom(...'0123456789');
const digits = (from: number, to: number): fc.Arbitrary<string> =>
  fc.string({ unit: DIGITS, minLength: from, maxLength: to });

/** Objects whose times and numbers are of every form that either reader might take, quoted or bare. */
export function numberLine(eventType: EventTypeDeclaration): fc.Arbitrary<string> {
  const numbers = inputFieldsOf(eventType).filter(({ field }) => !isText(field.type));
  const numberKey = fc.constantFrom(...numbers.flatMap(({ keys }) => keys), 'other');
  const number = fc.tuple(numberKey, fc.oneof(quoted(digitsAround('+-.eE')), bare()));
  const time = fc.tuple(
    fc.constantFrom(...TIMESTAMP_KEYS),
    fc.oneof(quoted(timeText()), quoted(epoch()), epoch()),
  );
  return fc
    .array(fc.oneof(number, time), { minLength: 1, maxLength: 3 })
    .map((pairs) => `{${pairs.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`);
}

function quoted(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return text.map((one) => `"${one}"`);
}

function digitsAround(signs: string): fc.Arbitrary<string> {
  return fc.string({ unit: fc.constantFrom(...'0123456789', ...signs), maxLength: 24 });
}

/** A JSON number, mostly: digits, a fraction, an exponent. */
function bare(): fc.Arbitrary<string> {
  const whole = fc.oneof(digits(1, 6), digits(15, 22));
  const fraction = fc.oneof(
    fc.constant(''),
    digits(0, 20).map((text) => `.${text}`),
  );
  const exponent = fc.constantFrom('', '', '', 'e3', 'E-3', 'e+18', 'e300', 'e-320');
  return fc
    .tuple(fc.constantFrom('', '', '-'), whole, fraction, exponent)
    .map((parts) => parts.join('').replace(/^(-?)0+(?=\d)/, '$1'));
}

function epoch(): fc.Arbitrary<string> {
  const first = fc.constantFrom('1', '17', '9223372036', '315532', '');
  const lengths = fc.constantFrom(8, 9, 9, 10, 10, 10, 11, 13, 13, 14, 16, 16, 17, 19, 19, 20);
  const tail = fc.oneof(
    fc.constant(''),
    fc.constant(''),
    digits(0, 21).map((text) => `.${text}`),
  );
  return fc
    .tuple(first, lengths, digits(20, 20), tail)
    .map(([start, length, rest, end]) => `${(start + rest).slice(0, length)}${end}`);
}

function timeText(): fc.Arbitrary<string> {
  const year = fc.oneof(fc.integer({ min: 1975, max: 2030 }).map(String), digits(4, 4), fc.constant('2026'));
  const two = (max: number): fc.Arbitrary<string> =>
    fc.oneof({ weight: 9, arbitrary: fc.nat(max).map((n) => String(n).padStart(2, '0')) }, digits(1, 3));
  const date = fc.tuple(year, two(13), two(32)).map((parts) => parts.join('-'));
  const fraction = fc.oneof(
    fc.constant(''),
    digits(0, 22).map((text) => `.${text}`),
  );
  const clock = fc.tuple(two(24), two(60), two(61), fraction).map(([h, m, s, f]) => `${h}:${m}:${s}${f}`);
  const time = fc.oneof(
    clock,
    clock,
    clock,
    fc.tuple(two(24), two(60)).map((parts) => parts.join(':')),
  );
  const offset = fc
    .tuple(fc.constantFrom('+', '-'), two(24), fc.constantFrom(':', ''), fc.oneof(two(60), fc.constant('')))
    .map((parts) => parts.join(''));
  const zone = fc.oneof(fc.constantFrom('Z', '', 'z', ' Z', ' UTC', 'GMT', ' MSK', ' EST', ' PM'), offset);
  return fc.oneof(
    {
      weight: 20,
      arbitrary: fc
        .tuple(date, fc.constantFrom('T', 'T', ' ', 't', '  '), time, zone)
        .map((parts) => parts.join('')),
    },
    { weight: 1, arbitrary: fc.tuple(date, zone).map((parts) => parts.join('')) },
    { weight: 1, arbitrary: digitsAround('-:TZ. +') },
  );
}
