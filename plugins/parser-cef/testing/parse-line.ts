import { parseTime } from '#event-model';
import type { ParseContext, ParsedLine } from '#plugin-kit';
import { parseCef } from '../parse-cef.js';

/** When the lines were received. */
export const CONTEXT: ParseContext = { receivedAt: parseTime('2026-11-21T12:00:00Z') ?? 0n };
/** A sound header. */
export const HEAD = 'CEF:0|Example|Sensor|1.0|100|worm stopped|5|';

/** What becomes of a line. */
export function parse(line: string | Uint8Array, context = CONTEXT): ParsedLine {
  const [answer] = parseCef([Buffer.from(line)], context);
  if (!answer) throw new Error('no answer');
  return answer;
}

/** The event of a line. @throws Error where it is refused */
export function eventOf(line: string | Uint8Array): Record<string, unknown> {
  const answer = parse(line);
  if (answer.kind !== 'event') throw new Error(`refused: ${JSON.stringify(answer)}`);
  return answer.event;
}

/** How much of a line could be read: `full`, `partial` or `refused`. */
export function confidenceOf(line: string): string {
  const answer = parse(line);
  return answer.kind === 'event' ? (answer.confidence ?? 'full') : answer.kind;
}
