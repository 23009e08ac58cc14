import { isUtf8 } from 'node:buffer';
import { REFUSED_LINE } from '#event-model';
import { RedactionPlan, type RedactedLine } from './plan.js';
import { redactJson } from './redact-json.js';
import { latinOf, redactText } from './redact-text.js';
import type { Replace } from './replacement.js';
import type { RedactionRule } from './rule.js';

const LF = 10;
const BACKSLASH = 0x5c;
const OPEN_OBJECT = 0x7b;
const LINE_END = Buffer.from('\n');
/** What is left of a text whose redacted values can't be found in it. */
const ALL_GONE = Buffer.from('[redacted]');
/** Bytes that are looked at between two pauses: some milliseconds of work. */
const PIECE_BYTES = 256 * 1024;

/** A block's lines and, where a parser made them of text, the text. */
export interface ParsedLines {
  readonly body: Uint8Array;
  readonly raw: Uint8Array;
}

/**
 * Applies some rules to lines. A line that is a JSON object stays one; every other one is text, whatever its bytes. The same
 * lines always become the same ones, and a body without anything to redact is given back as it is, after one quick pass.
 */
export class Redactor {
  readonly #plan: RedactionPlan;
  readonly #keys: readonly string[];

  constructor(rules: readonly RedactionRule[], replace: Replace) {
    this.#plan = new RedactionPlan(rules, replace);
    this.#keys = [...this.#plan.keys].map(latinOf);
  }

  /** One line, without its end; undefined where it stays as it is. */
  line(line: Buffer): RedactedLine | undefined {
    if (!this.#mayHave(line)) return undefined;
    return isJsonObject(line) ? redactJson(line, this.#plan) : redactText(line, this.#plan);
  }

  /** Lines, each ended by one LF. Yields after each piece of work, so that others have their turn. */
  *body(body: Uint8Array): Generator<void, Uint8Array> {
    const bytes = bufferOf(body);
    const parts: Buffer[] = [];
    let changed = false;
    let pause = PIECE_BYTES;
    for (let from = 0, end = 0; from < bytes.length; from = end) {
      end = pieceEnd(bytes, from);
      const piece = bytes.subarray(from, end);
      const made = this.#piece(piece);
      changed ||= made !== piece;
      parts.push(made);
      if (end < pause) continue;
      pause = end + PIECE_BYTES;
      yield;
    }
    return changed ? Buffer.concat(parts) : body;
  }

  /** Some lines, after one look at all of them, which spares most a look of their own. */
  #piece(piece: Buffer): Buffer {
    if (!this.#mayHave(piece)) return piece;
    const parts: Buffer[] = [];
    let kept = 0;
    for (const { start, end } of linesOf(piece, 0, piece.length)) {
      const redacted = this.line(piece.subarray(start, end));
      if (!redacted) continue;
      parts.push(piece.subarray(kept, start), redacted.line);
      kept = end;
    }
    return parts.length === 0 ? piece : Buffer.concat([...parts, piece.subarray(kept)]);
  }

  /** Lines that a parser made, and the text of each: what is taken out of the one is not left in the other. */
  *parsed({ body, raw }: ParsedLines): Generator<void, ParsedLines> {
    const [lines, texts] = [bufferOf(body), bufferOf(raw)];
    const made: [Buffer[], Buffer[]] = [[], []];
    let changed = false;
    let text = 0;
    let pause = PIECE_BYTES;
    for (const { start, end } of linesOf(lines, 0, lines.length)) {
      const textEnd = texts.indexOf(LF, text);
      const pair = this.#pair(lines.subarray(start, end), texts.subarray(text, textEnd));
      changed ||= pair.changed;
      made[0].push(pair.line, LINE_END);
      made[1].push(pair.text, LINE_END);
      text = textEnd + 1;
      if (end < pause) continue;
      pause = end + PIECE_BYTES;
      yield;
    }
    return changed ? { body: Buffer.concat(made[0]), raw: Buffer.concat(made[1]) } : { body, raw };
  }

  #pair(line: Buffer, text: Buffer): { line: Buffer; text: Buffer; changed: boolean } {
    const ofLine = line[0] === REFUSED_LINE ? undefined : this.line(line);
    const ofText = this.line(text);
    const values = ofLine?.values ?? [];
    const cleaned = withoutValues(ofText?.line ?? text, values);
    const isSafe = values.length === 0 || ofText !== undefined || !cleaned.equals(text);
    return {
      line: ofLine?.line ?? line,
      text: isSafe ? cleaned : ALL_GONE,
      changed: ofLine !== undefined || ofText !== undefined,
    };
  }

  /** Whether a close look is needed. */
  #mayHave(bytes: Buffer): boolean {
    const plain = withoutEscapes(bytes);
    if (!plain || this.#plan.detectors.finds(plain)) return true;
    if (this.#keys.length === 0) return false;
    const lower = bytes.toString('latin1').toLowerCase();
    return this.#keys.some((key) => lower.includes(key));
  }
}

/** Escapes of JSON that stand for a letter or digit, or for what one of a token may be; and those that look like a digit. */
const HIDING = new Set(Buffer.from('u/bf'));
const SPACE = 0x20;

/**
 * The bytes with blanks for escapes of JSON, so that what stands behind one isn't taken for the rest of a word; undefined where
 * one of them may hide anything.
 */
function withoutEscapes(bytes: Buffer): Buffer | undefined {
  let at = bytes.indexOf(BACKSLASH);
  if (at < 0) return bytes;
  const plain = Buffer.from(bytes);
  for (; at >= 0; at = bytes.indexOf(BACKSLASH, at + 2)) {
    if (HIDING.has(bytes[at + 1] ?? 0)) return undefined;
    plain.fill(SPACE, at, Math.min(at + 2, plain.length));
  }
  return plain;
}

/** Bytes of the pieces that are looked at as a whole. */
const LOOK_BYTES = 16 * 1024;

function pieceEnd(bytes: Buffer, from: number): number {
  const end = bytes.indexOf(LF, Math.min(from + LOOK_BYTES, bytes.length - 1));
  return end < 0 ? bytes.length : end + 1;
}

function* linesOf(bytes: Buffer, from: number, to: number): Generator<{ start: number; end: number }> {
  for (let start = from; start < to;) {
    const end = bytes.indexOf(LF, start);
    yield { start, end };
    start = end + 1;
  }
}

function isJsonObject(line: Buffer): boolean {
  let at = 0;
  while (at < line.length && (line[at] as number) <= 0x20) at += 1;
  if (line[at] !== OPEN_OBJECT || !isUtf8(line)) return false;
  try {
    JSON.parse(line.toString());
    return true;
  } catch {
    return false;
  }
}

/** Without the values of fields that were taken out of the line made of it. */
function withoutValues(text: Buffer, values: readonly string[]): Buffer {
  let latin = text.toString('latin1');
  for (const value of values) {
    const bytes = Buffer.from(value).toString('latin1');
    if (bytes !== '') latin = latin.replaceAll(bytes, () => '[redacted:field]');
  }
  return Buffer.from(latin, 'latin1');
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
