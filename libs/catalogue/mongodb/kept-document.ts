import type { Timestamp } from 'mongodb';
import type { ScanRange } from '../catalogue.port.js';

/** A document as it is kept. One that was deleted stays for a while, so that others hear of it. */
export interface KeptDocument {
  /** Collection and id, with a NUL between, which no name has: ids of a collection are in the order of their bytes. */
  readonly _id: string;
  /** Collection. */
  readonly c: string;
  /** Version; 0 where it was deleted. */
  readonly v: number;
  /** JSON text of the value. */
  readonly t?: string;
  /** When the server changed it last, by its cluster's clock, which only goes forward. */
  readonly m: Timestamp;
  /** Who changed it last. */
  readonly w: string;
  /** When it was deleted. */
  readonly gone?: Date;
}

const SEPARATOR = '\0';
const LAST = 0x10ffff;
const BEFORE_SURROGATES = 0xd7ff;
const BEHIND_SURROGATES = 0xe000;

/** The key of one document. */
export function keyOf(collection: string, id: string): string {
  return `${collection}${SEPARATOR}${id}`;
}

/** The id within its collection. */
export function idOf(key: string): string {
  return key.slice(key.indexOf(SEPARATOR) + 1);
}

/** The keys that a scan reads, as a condition on `_id`. */
export function keysIn(
  collection: string,
  { prefix = '', after }: ScanRange,
): { $gte: string; $lt: string; $gt?: string } {
  const start = keyOf(collection, prefix);
  return {
    $gte: start,
    $lt: behindPrefix(start),
    ...(after !== undefined && { $gt: keyOf(collection, after) }),
  };
}

/** The least text that is greater than each that begins so; UTF-8 is in the order of its code points. */
function behindPrefix(prefix: string): string {
  const points = Array.from(prefix);
  let last = points.pop();
  // The separator is within, so one that can be raised is found.
  while (last?.codePointAt(0) === LAST) last = points.pop();
  const point = last?.codePointAt(0) ?? 0;
  return points.join('') + String.fromCodePoint(point === BEFORE_SURROGATES ? BEHIND_SURROGATES : point + 1);
}
