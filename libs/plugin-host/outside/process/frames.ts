import type { ParseContext, ParsedLine } from '#plugin-kit';
import type { Verdict } from '../../parsers/verdict.js';

/**
 * What a parser's process is asked, and what it answers. Lines go as bytes and come back as the text that goes on into
 * storage; only what that text doesn't say is told beside it, as JSON. Numbers are little endian.
 */

/**
 * `parse` every line; `sniff` every line and parse those that could be the parser's own; `try`: both, of every line.
 */
export type Question = 'parse' | 'sniff' | 'try';

export interface AskedLines {
  readonly question: Question;
  readonly lines: readonly Uint8Array[];
  readonly context: ParseContext;
}

/** A failure of the parser at some of the lines. */
export interface ToldFailure {
  readonly lines: number;
  readonly message: string;
  readonly stack?: string;
}

export interface Answer {
  /** How sure the parser is of each line; empty where it was not asked. */
  readonly sure: readonly number[];
  /** Of each line; undefined where it was not parsed. */
  readonly verdicts: readonly (Verdict | undefined)[];
  readonly failures: readonly ToldFailure[];
}

/** An answer as the process makes it: the canonical line of each line, `''` where it was not parsed. */
export interface MadeAnswer {
  readonly sure: readonly number[];
  readonly texts: readonly string[];
  /** What the parser answered, of which the event itself is in the text. */
  readonly parsed: readonly (ParsedLine | undefined)[];
  readonly failures: readonly ToldFailure[];
}

/** What of an answer to a line is not in its text; undefined for most lines. */
type Rest = Readonly<Record<string, unknown>>;

/** Bytes before a frame: the length of the rest of it. */
export const LENGTH_BYTES = 4;

const PLAIN_EVENT = { kind: 'event' } as const;

export function encodeQuestion({ question, lines, context }: AskedLines): Buffer {
  const head = Buffer.from(
    JSON.stringify({ question, context: { ...context, receivedAt: String(context.receivedAt) } }),
  );
  const bytes = lines.reduce((sum, line) => sum + line.length, 0);
  const frame = Buffer.allocUnsafeSlow(LENGTH_BYTES + 8 + head.length + 4 * lines.length + bytes);
  frame.writeUInt32LE(frame.length - LENGTH_BYTES, 0);
  frame.writeUInt32LE(head.length, LENGTH_BYTES);
  frame.writeUInt32LE(lines.length, LENGTH_BYTES + 4);
  let at = LENGTH_BYTES + 8;
  at += head.copy(frame, at);
  for (const line of lines) at = frame.writeUInt32LE(line.length, at);
  for (const line of lines) {
    frame.set(line, at);
    at += line.length;
  }
  return frame;
}

/** @param frame without its length */
export function decodeQuestion(frame: Buffer): AskedLines {
  const headLength = frame.readUInt32LE(0);
  const count = frame.readUInt32LE(4);
  const head = JSON.parse(frame.toString('utf8', 8, 8 + headLength)) as {
    readonly question: Question;
    readonly context: Omit<ParseContext, 'receivedAt'> & { readonly receivedAt: string };
  };
  const lengthsAt = 8 + headLength;
  let at = lengthsAt + 4 * count;
  const lines = new Array<Uint8Array>(count);
  for (let n = 0; n < count; n += 1) {
    const end = at + frame.readUInt32LE(lengthsAt + 4 * n);
    lines[n] = frame.subarray(at, end);
    at = end;
  }
  const context = { ...head.context, receivedAt: BigInt(head.context.receivedAt) };
  return { question: head.question, lines, context };
}

export function encodeAnswer({ sure, texts, parsed, failures }: MadeAnswer): Buffer {
  const rests = parsed.flatMap((line, at) => {
    const rest = line && restOf(line);
    return rest ? [[at, rest] as const] : [];
  });
  const head = Buffer.from(JSON.stringify({ rests, failures }));
  const text = texts.join('\n');
  const textBytes = Buffer.byteLength(text);
  const frame = Buffer.allocUnsafeSlow(LENGTH_BYTES + 8 + head.length + 8 * sure.length + textBytes);
  frame.writeUInt32LE(frame.length - LENGTH_BYTES, 0);
  frame.writeUInt32LE(head.length, LENGTH_BYTES);
  frame.writeUInt32LE(sure.length, LENGTH_BYTES + 4);
  let at = LENGTH_BYTES + 8;
  at += head.copy(frame, at);
  for (const one of sure) at = frame.writeDoubleLE(one, at);
  frame.write(text, at);
  return frame;
}

/**
 * @param frame without its length
 * @param parser name of the parser that answers
 */
export function decodeAnswer(frame: Buffer, parser: string): Answer {
  const headLength = frame.readUInt32LE(0);
  const sureCount = frame.readUInt32LE(4);
  const head = JSON.parse(frame.toString('utf8', 8, 8 + headLength)) as {
    readonly rests: readonly (readonly [number, Rest])[];
    readonly failures: readonly ToldFailure[];
  };
  const sureAt = 8 + headLength;
  const sure = Array.from({ length: sureCount }, (_, n) => frame.readDoubleLE(sureAt + 8 * n));
  const texts = frame.toString('utf8', sureAt + 8 * sureCount).split('\n');
  const rests = new Map(head.rests);
  const verdicts = texts.map((line, at) =>
    line === '' ? undefined : verdictOf({ parser, line, rest: rests.get(at), certainty: sure[at] }),
  );
  return { sure, verdicts, failures: head.failures };
}

function verdictOf(told: {
  readonly parser: string;
  readonly line: string;
  readonly rest: Rest | undefined;
  readonly certainty: number | undefined;
}): Verdict {
  const { parser, line, rest, certainty } = told;
  const verdict = { parser, parsed: parsedOf(line, rest), line };
  return certainty === undefined ? verdict : { ...verdict, certainty };
}

function restOf(line: ParsedLine): Rest | undefined {
  if (line.kind !== 'event') return line;
  const { event: _event, ...rest } = line;
  return Object.keys(rest).length > 1 ? rest : undefined;
}

/** An event is read from its text when it is asked for: on the way into storage nobody does. */
function parsedOf(line: string, rest: Rest = PLAIN_EVENT): ParsedLine {
  if (rest['kind'] !== 'event') return rest as unknown as ParsedLine;
  let event: Readonly<Record<string, unknown>> | undefined;
  const read = (): Readonly<Record<string, unknown>> => {
    event ??= JSON.parse(line) as Readonly<Record<string, unknown>>;
    return event;
  };
  return Object.defineProperty({ ...rest }, 'event', {
    get: read,
    enumerable: true,
  }) as unknown as ParsedLine;
}
