import { createSeededRandom, type SeededRandom } from '../support/seeded-random.js';
import { makeLine, type LinePlan } from './oracle-lines.js';

/** A run of lines that one request carries. */
export interface LineRange {
  readonly producer: number;
  readonly first: number;
  readonly count: number;
}

const LF = Buffer.from('\n');
const CRLF = Buffer.from('\r\n');
const BLANKS = [Buffer.from('\n'), Buffer.from('  \t\n'), Buffer.from('\r\n')] as const;

/** Largest number of events in one request. */
export const LARGEST_REQUEST = 5_000;

/** How many events the next request has: mostly few, now and then as many as a shipper sends at once. */
export function pickRequestSize(random: SeededRandom): number {
  const drawn = random.below(100);
  if (drawn < 40) return 1;
  if (drawn < 80) return 2 + random.below(99);
  return drawn < 99 ? 100 + random.below(900) : LARGEST_REQUEST;
}

/** The request's bytes: its lines, some ending in CR LF, blank ones between them, the last line end sometimes missing. */
export function makeBody(plan: LinePlan, range: LineRange): Buffer {
  const random = createSeededRandom(plan.seed, range.producer, range.first, 1);
  const lineEnd = random.below(10) === 0 ? CRLF : LF;
  const parts: Buffer[] = [];
  for (let i = 0; i < range.count; i++) {
    if (random.below(50) === 0) parts.push(random.pick([...BLANKS]));
    parts.push(makeLine(plan, { producer: range.producer, sequence: range.first + i }).bytes, lineEnd);
  }
  if (random.below(4) === 0) parts.pop();
  return Buffer.concat(parts);
}
