import { DIGIT, isAt, LETTER, LOCAL } from './bytes.js';

const DOT = 46;
const DASH = 45;
/** Longest parts (RFC 5321, section 4.5.3.1). */
const LONGEST_LOCAL = 64;
const LONGEST_DOMAIN = 255;

/**
 * The e-mail address around an `@`; undefined where it is none: a local part without quotes, and a domain with a dot and a
 * last label of at least two letters.
 *
 * @param at of the `@`, or the first byte of `%40`
 * @param width of it: 1 or 3
 */
export function emailAround(
  bytes: Uint8Array,
  at: number,
  ...[width, bounds]: [width: number, bounds: { readonly from: number; readonly to: number }]
): readonly [from: number, to: number] | undefined {
  let from = at;
  while (from > bounds.from && from > at - LONGEST_LOCAL && isAt(bytes, from - 1, LOCAL)) from -= 1;
  if (from === at) return undefined;
  const end = domainEnd(bytes, at + width, bounds.to);
  return end === undefined ? undefined : [from, end];
}

/** The end of the longest beginning that is a domain. */
function domainEnd(bytes: Uint8Array, from: number, to: number): number | undefined {
  const last = Math.min(to, from + LONGEST_DOMAIN);
  let end: number | undefined;
  let label = from;
  let letters = true;
  for (let at = from; at <= last; at += 1) {
    const byte = at < last ? bytes[at] : DOT;
    const isName = at < last && (isAt(bytes, at, LETTER | DIGIT) || byte === DASH || (byte ?? 0) >= 0x80);
    if (isName) {
      letters &&= byte !== DASH && !isAt(bytes, at, DIGIT);
      continue;
    }
    if (at === label) break;
    if (label > from && letters && at - label >= 2) end = at;
    if (byte !== DOT) break;
    [label, letters] = [at + 1, true];
  }
  return end;
}
