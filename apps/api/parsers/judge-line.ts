import { REFUSED_BY, type EventTypeDeclaration } from '#event-model';
import { canonicalLine, confidenceOf, type Verdict } from '#plugin-host';
import { isRefusal, mapEvent } from '#plugin-kit';
import type { DryRunResult } from './parsers.schema.js';
import { shownEvent } from './shown-event.js';

/** What a line is judged by. */
export interface Judgement {
  readonly verdict: Verdict;
  /** What parsers threw, by their names. */
  readonly failures: ReadonlyMap<string, unknown>;
  /** How sure the parser is that the line is its own, from 0 to 1. */
  readonly certainty: number;
  readonly eventType: EventTypeDeclaration;
  /** Nanoseconds since the epoch. */
  readonly receivedAt: bigint;
}

/** What would become of a parsed line: the way through the parser and the event type that a stored one takes. */
export function judgeLine(line: Uint8Array, judgement: Judgement): DryRunResult {
  const { verdict, certainty, eventType, receivedAt } = judgement;
  const { parsed } = verdict;
  const parser = verdict.parser ?? null;
  if (parsed.kind === 'refused')
    return { parser, reason: parsed.reason, message: messageOf(parsed, judgement.failures) };
  const text = canonicalLine(verdict, line);
  // What begins no JSON is the reason for which a parser's answer can't be written.
  if (!text.startsWith('{')) return { parser, reason: reasonIn(text), message: UNWRITABLE };
  const mapped = mapEvent(eventType, Buffer.from(text), receivedAt);
  if (isRefusal(mapped)) {
    const { reason, message, mend } = mapped;
    return { parser, reason, message, mend };
  }
  const warnings = parsed.kind === 'event' ? [...(parsed.warnings ?? [])] : [];
  const confidence = parser === null ? 'none' : confidenceOf(parsed);
  return { parser, confidence, certainty, event: shownEvent(mapped), warnings };
}

/** Behind the reason may stand the parser's name. */
function reasonIn(text: string): string {
  return text.slice(1).split(String.fromCharCode(REFUSED_BY))[0] ?? '';
}

/** Whoever tries a parser that throws is told what it threw. */
function messageOf(
  { reason, message }: { readonly reason: string; readonly message: string },
  failures: ReadonlyMap<string, unknown>,
): string {
  const name = /^parser:(.+)$/.exec(reason)?.[1] ?? '';
  if (!failures.has(name)) return message;
  const error = failures.get(name);
  return `The parser "${name}" failed at this line or one beside it: ${error instanceof Error ? error.message : String(error)}`;
}

const UNWRITABLE = 'The parser answered with what is no JSON object: its plugin has to be mended.';
