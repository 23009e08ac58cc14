import {
  EnricherDataError,
  NotifyError,
  OptionMistakesError,
  UnitMissingError,
  type EnricherMistake,
  type KeptUnit,
  type Notification,
  type OptionMistake,
} from '#plugin-kit';
import { optionMistakesOf } from '../../declared/option-mistakes.js';
import type { ParserOrder } from '../../parsers/made-parser.js';
import { LENGTH_BYTES } from './frames.js';

/**
 * What an object of a plugin, such as an enricher with its options, is called with in its process, and what it asks
 * meanwhile: JSON, and bytes of a file behind it. Each call and each question has one answer before the next.
 */

/** What the server calls. `open` makes the object; the others need it. */
export type Call =
  | { readonly call: 'open'; readonly options: unknown }
  | { readonly call: 'enrich'; readonly values: readonly string[] }
  /** The first one of a parser's process, until it is made: of options, or the plugin's own where `of` is null. */
  | { readonly call: 'make'; readonly of: ParserOrder | null }
  /** `limitMs`: when the signal that it gets is given. */
  | { readonly call: 'notify'; readonly notification: Notification; readonly limitMs: number }
  /** Of a tier of units. */
  | { readonly call: 'write' | 'read' | 'remove'; readonly unit: KeptUnit };

/** What objects are called with, such as an enricher. */
export type ObjectCall = Exclude<Call, { readonly call: 'make' }>;

/** What the plugin asks the server for while it works on a call. */
export type Ask =
  | { readonly ask: 'file'; readonly name: string; readonly most: number }
  | { readonly ask: 'secret'; readonly name: string }
  | { readonly ask: 'may_reach'; readonly address: string }
  /** The next lines of the unit that is written: `true` with bytes behind it, or `false`. */
  | { readonly ask: 'lines' }
  /** Takes the next piece of the unit that is read: bytes behind it. */
  | { readonly ask: 'keep' };

/** How a call, or what was asked, ended. */
export type Ended = { readonly done: unknown } | { readonly failed: ToldError };

/** What a call of an object has, and its end too: what is told twice is not taken for the end of the next call. */
export interface Numbered {
  readonly nth: number;
}

type Said = Call | (Call & Numbered) | Ask | Ended | (Ended & Numbered);

/** An error as it leaves a process. */
interface ToldError {
  readonly message: string;
  readonly stack?: string;
  /** Of an {@link EnricherDataError}. */
  readonly mistakes?: readonly EnricherMistake[];
  /** What is wrong with the options of a parser. */
  readonly optionMistakes?: readonly OptionMistake[];
  /** Of a {@link NotifyError}. */
  readonly retryable?: boolean;
  readonly mend?: string;
  /** Of a {@link UnitMissingError}. */
  readonly isMissing?: boolean;
}

/** Characters of an error's message, or of its stack, that are told. */
const LONGEST_TEXT = 4_000;
/** Most mistakes that are told. */
const MOST_MISTAKES = 50;
/** Most keys and indexes of the place of a mistake that are told. */
const MOST_PARTS = 20;
const NO_BYTES = Buffer.alloc(0);

/** A message with its length; the bytes go behind it, as they are. */
export function encodeMessage(said: Said, bytes: Uint8Array = NO_BYTES): Buffer {
  const json = Buffer.from(JSON.stringify(said));
  const frame = Buffer.allocUnsafeSlow(2 * LENGTH_BYTES + json.length);
  frame.writeUInt32LE(LENGTH_BYTES + json.length + bytes.length, 0);
  frame.writeUInt32LE(json.length, LENGTH_BYTES);
  json.copy(frame, 2 * LENGTH_BYTES);
  return frame;
}

/** @param frame without its length */
export function decodeMessage<T extends Said>(frame: Buffer): { readonly said: T; readonly bytes: Buffer } {
  const end = LENGTH_BYTES + frame.readUInt32LE(0);
  return { said: JSON.parse(frame.toString('utf8', LENGTH_BYTES, end)) as T, bytes: frame.subarray(end) };
}

/** What of an error is told on the other side. */
export function toldError(error: unknown): ToldError {
  if (!(error instanceof Error)) return { message: cut(String(error)) };
  const told = { message: cut(error.message), ...(error.stack !== undefined && { stack: cut(error.stack) }) };
  if (error instanceof EnricherDataError)
    return { ...told, mistakes: error.mistakes.slice(0, MOST_MISTAKES).map(shortMistake) };
  const optionMistakes = optionMistakesOf(error);
  if (optionMistakes)
    return { ...told, optionMistakes: optionMistakes.slice(0, MOST_MISTAKES).map(shortOptionMistake) };
  if (error instanceof UnitMissingError) return { ...told, isMissing: true };
  if (!(error instanceof NotifyError)) return told;
  const { retryable, mend } = error;
  return { ...told, retryable, ...(mend !== undefined && { mend: cut(mend) }) };
}

/** The error that was told, of the kind that it was. */
export function errorOf({ message, stack, isMissing, ...told }: ToldError): Error {
  const { mistakes, optionMistakes, retryable, mend } = told;
  if (isMissing) return new UnitMissingError('that was asked for');
  const [first, ...others] = mistakes ?? [];
  if (first) return new EnricherDataError([first, ...others]);
  if (optionMistakes) return new OptionMistakesError(optionMistakes);
  if (retryable !== undefined)
    return new NotifyError(message, { retryable, ...(mend !== undefined && { mend }) });
  const error = new Error(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}

function shortMistake({ option, what, mend }: EnricherMistake): EnricherMistake {
  return { option: cut(String(option)), what: cut(String(what)), mend: cut(String(mend)) };
}

/** The plugin may have written anything at its places. */
function shortOptionMistake({ path, message, mend }: OptionMistake): OptionMistake {
  const parts: readonly unknown[] = Array.isArray(path) ? path : [];
  return {
    path: parts.slice(0, MOST_PARTS).map((part) => (typeof part === 'number' ? part : cut(String(part)))),
    message: cut(String(message)),
    mend: cut(String(mend)),
  };
}

function cut(text: string): string {
  return text.slice(0, LONGEST_TEXT);
}
