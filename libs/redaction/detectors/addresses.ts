import { isIPv6 } from 'node:net';
import { DIGIT, HEX, isAt, LETTER } from './bytes.js';

const ZERO = 48;
const DOT = 46;
const COLON = 58;
/** Characters of the longest text of an IPv6 address. */
const LONGEST = 45;

/** Where the IPv4 address ends that begins at this digit; undefined where none does: four numbers to 255, no more and no fewer. */
export function ipv4End(bytes: Uint8Array, from: number, to: number): number | undefined {
  if (isAt(bytes, from - 1, LETTER) || (bytes[from - 1] === DOT && isAt(bytes, from - 2, DIGIT)))
    return undefined;
  let at = from;
  for (let part = 0; part < 4; part += 1) {
    const end = numberEnd(bytes, at, to);
    if (end === undefined) return undefined;
    if (part === 3) return isEnd(bytes, end, to) ? end : undefined;
    if (bytes[end] !== DOT) return undefined;
    at = end + 1;
  }
  return undefined;
}

function numberEnd(bytes: Uint8Array, from: number, to: number): number | undefined {
  let value = 0;
  let at = from;
  for (; at < to && at < from + 4 && isAt(bytes, at, DIGIT); at += 1)
    value = value * 10 + (bytes[at] as number) - ZERO;
  return at > from && at < from + 4 && value <= 255 ? at : undefined;
}

function isEnd(bytes: Uint8Array, end: number, to: number): boolean {
  if (end >= to) return true;
  if (isAt(bytes, end, LETTER | DIGIT)) return false;
  return !(bytes[end] === DOT && end + 1 < to && isAt(bytes, end + 1, DIGIT));
}

/**
 * The IPv6 address that this colon is the first one of; undefined where it is of none. Only what is one as a whole: a time of
 * day, a hardware address and a name in a program are none.
 *
 * @param bounds what may be looked at
 */
export function ipv6Around(
  bytes: Uint8Array,
  colon: number,
  bounds: { readonly from: number; readonly to: number },
): readonly [from: number, to: number] | undefined {
  // Three in a row are of no address, and there may be many.
  if (bytes[colon + 1] === COLON && bytes[colon + 2] === COLON) return undefined;
  let from = colon;
  while (from > bounds.from && from > colon - 4 && isAt(bytes, from - 1, HEX)) from -= 1;
  if (from > bounds.from && isAt(bytes, from - 1, LETTER | DIGIT)) return undefined;
  let end = colon;
  while (end < bounds.to && end < from + LONGEST && isPart(bytes, end)) end += 1;
  if (end < bounds.to && isAt(bytes, end, LETTER | DIGIT)) return undefined;
  while (end > from && !isAt(bytes, end - 1, HEX) && !(bytes[end - 1] === COLON && bytes[end - 2] === COLON))
    end -= 1;
  // An address has at least two colons, and a digit: `::` alone stands in programs.
  if (end - from < 3 || !hasColons(bytes, colon, end)) return undefined;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + from, end - from).toString('latin1');
  return isIPv6(text) ? [from, end] : undefined;
}

/** Two to eight of them. */
function hasColons(bytes: Uint8Array, from: number, to: number): boolean {
  let colons = 0;
  for (let at = from; at < to; at += 1) if (bytes[at] === COLON) colons += 1;
  return colons >= 2 && colons <= 8;
}

function isPart(bytes: Uint8Array, at: number): boolean {
  return isAt(bytes, at, HEX) || bytes[at] === COLON || bytes[at] === DOT;
}
