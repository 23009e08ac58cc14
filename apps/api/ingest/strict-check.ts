import { setImmediate } from 'node:timers/promises';
import type { FramedLines } from '#event-bus';
import { requestRows, type BlockHeader, type EventTypeDeclaration } from '#event-model';
import { checkEvent, type Refusal } from '#plugin-kit';
import { Problem, type RequestMistake } from '../problems/problem.js';

const LF = 10;
/** Most mistakes that one answer lists. */
const MAX_MISTAKES = 100;
/** Bytes checked between two pauses: some milliseconds of work. */
const PIECE_BYTES = 256 * 1024;

/** Events of a request that go one way, and what they are checked against. */
export interface CheckedPart extends FramedLines, Pick<BlockHeader, 'offset' | 'indexes'> {
  readonly eventType: EventTypeDeclaration;
}

/** What was found so far. */
interface Findings {
  readonly errors: RequestMistake[];
  total: number;
}

/**
 * Checks every event as the engine would, and lets other work run meanwhile.
 *
 * @param receivedAt nanoseconds since the epoch
 * @throws Problem `events_invalid`: names the first 100 that would go to quarantine, and how many there are.
 */
export async function checkEvents(parts: readonly CheckedPart[], receivedAt: bigint): Promise<void> {
  const all: Findings = { errors: [], total: 0 };
  let checked = 0;
  for (const part of parts) {
    const found = await checkPart(part, receivedAt, checked);
    checked += part.body.byteLength;
    all.errors.push(...found.errors);
    all.total += found.total;
  }
  if (all.total === 0) return;
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const errors = all.errors.sort((a, b) => (a.index ?? 0) - (b.index ?? 0)).slice(0, MAX_MISTAKES);
  throw refused({ errors, total: all.total, count });
}

/** @param checked bytes of the parts before: rules make many small ones of a request, and all of them count for a pause */
async function checkPart(part: CheckedPart, receivedAt: bigint, checked: number): Promise<Findings> {
  const { body, count, eventType } = part;
  const refusals: (readonly [row: number, refusal: Refusal])[] = [];
  let total = 0;
  let pause = PIECE_BYTES - (checked % PIECE_BYTES);
  for (let row = 0, start = 0; row < count; row += 1) {
    const end = body.indexOf(LF, start);
    const refusal = checkEvent(eventType, body.subarray(start, end), receivedAt);
    if (refusal && (total += 1) <= MAX_MISTAKES) refusals.push([row, refusal]);
    start = end + 1;
    if (start >= pause) {
      pause = start + PIECE_BYTES;
      await setImmediate();
    }
  }
  const rows = requestRows(
    part,
    refusals.map(([row]) => row),
  );
  return { errors: refusals.map(([, refusal], at) => toMistake(refusal, rows[at] ?? 0)), total };
}

function refused(found: { errors: readonly RequestMistake[]; total: number; count: number }): Problem {
  const { errors, total, count } = found;
  const detail = `${total} of ${count} events would be refused; nothing was written.`;
  return new Problem('events_invalid', detail, { errors, errorsTotal: total });
}

function toMistake({ reason, message, mend, field }: Refusal, index: number): RequestMistake {
  const path = field === undefined ? `[${index}]` : `[${index}].${field}`;
  return { path, index, code: reason, ...(field !== undefined && { field }), message, mend };
}
