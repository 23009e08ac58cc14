import { setImmediate } from 'node:timers/promises';
import type { FramedLines } from '#event-bus';
import type { EventTypeDeclaration } from '#event-model';
import { checkEvent, type Refusal } from '#plugin-kit';
import { Problem, type RequestMistake } from '../problems/problem.js';

const LF = 10;
/** Most mistakes that one answer lists. */
const MAX_MISTAKES = 100;
/** Bytes checked between two pauses: some milliseconds of work. */
const PIECE_BYTES = 256 * 1024;

/** What the events of a request are checked against. */
export interface Checking {
  readonly eventType: EventTypeDeclaration;
  /** Nanoseconds since the epoch. */
  readonly receivedAt: bigint;
}

/**
 * Checks every event as the engine would, and lets other work run meanwhile.
 *
 * @throws Problem `events_invalid`: names the first 100 that would go to quarantine, and how many there are.
 */
export async function checkEvents({ body, count }: FramedLines, checking: Checking): Promise<void> {
  const errors: RequestMistake[] = [];
  let total = 0;
  let pause = PIECE_BYTES;
  for (let index = 0, start = 0; index < count; index += 1) {
    const end = body.indexOf(LF, start);
    const refusal = checkEvent(checking.eventType, body.subarray(start, end), checking.receivedAt);
    if (refusal && (total += 1) <= MAX_MISTAKES) errors.push(toMistake(refusal, index));
    start = end + 1;
    if (start > pause) {
      pause = start + PIECE_BYTES;
      await setImmediate();
    }
  }
  if (total > 0) throw refused({ errors, total, count });
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
