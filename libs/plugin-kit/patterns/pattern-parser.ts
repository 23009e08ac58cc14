import { BUILT_IN_FIELDS } from '#event-model';
import { readJoinedLine } from '../joined-line.js';
import {
  neverMine,
  type LineGrouping,
  type ParseConfidence,
  type ParsedLine,
  type Parser,
} from '../kinds/parser.js';
import { readLineText } from '../scanners/line-text.js';
import { addField } from '../scanners/repeated-field.js';
import { timeReaderOf, type TimeReader } from './captured-value.js';
import type { CapturedField } from './field-options.js';
import type { LinearPattern, PatternMatch } from './linear-pattern.js';

/** A pattern, and what its groups become. */
export interface FieldPattern {
  readonly pattern: LinearPattern;
  /** By the numbers of the groups from 1 on; undefined for those that nothing is made of. */
  readonly fields: readonly (CapturedField | undefined)[];
  /** How much of a line is read where it fits. Default full. */
  readonly confidence?: ParseConfidence;
}

/** What a parser of patterns is made of. */
export interface PatternParserParts {
  /** In the order in which they are tried: the first that fits counts. */
  readonly patterns: readonly FieldPattern[];
  /** Fields of every event where the line gives none of that name. */
  readonly set: Readonly<Record<string, string | number | boolean>>;
  readonly zone?: string | undefined;
  /** How sure `auto` is of a line that fits. */
  readonly auto: number;
  readonly grouping?: LineGrouping | undefined;
}

/** Instructions that a pattern may run for a line: some 150 ms at worst, and all of a parser together. */
const MOST_STEPS = 4_000_000;
const MOST_STEPS_TOGETHER = 16_000_000;
/** Characters of a line that is read, at most, whatever the patterns are. */
const LONGEST_TEXT = 64 * 1024;
/** Of these one is the event's text. */
const MESSAGE_KEYS = ['message', ...(BUILT_IN_FIELDS.find(({ name }) => name === 'message')?.aliases ?? [])];

/** Characters of a line that patterns of these sizes read; longer ones are refused. */
export function longestText(sizes: readonly number[]): number {
  const together = sizes.reduce((sum, size) => sum + size, 0);
  const longest = Math.min(MOST_STEPS / Math.max(1, ...sizes), MOST_STEPS_TOGETHER / Math.max(1, together));
  return Math.min(LONGEST_TEXT, Math.floor(longest));
}

/**
 * Makes a parser that gives a line to the first pattern that fits it. A line that none fits is refused with `no_match`, one
 * that would take too long with `line_too_long`. A group whose text is not of its type is kept as text under
 * `unread.<field>`, and the line is read in part. An event without a text of its own has the line as its `message`.
 */
export function makePatternParser(parts: PatternParserParts): Parser {
  const longest = longestText(parts.patterns.map(({ pattern }) => pattern.size));
  const textOf = (line: Uint8Array): string | undefined =>
    line.byteLength > longest * 3 ? undefined : readText(line, parts.grouping !== undefined, longest);
  const sniff = (line: Uint8Array): number => {
    const text = textOf(line);
    return text !== undefined && parts.patterns.some(({ pattern }) => pattern.test(text)) ? parts.auto : 0;
  };
  return {
    parse: (lines, context) => {
      const times = timeReaderOf(context, parts.zone);
      return lines.map((line) => {
        const text = textOf(line);
        return text === undefined ? tooLong(longest) : parseText(text, parts, times);
      });
    },
    sniff: parts.auto === 0 ? neverMine : sniff,
    ...(parts.grouping && { grouping: parts.grouping }),
  };
}

function readText(line: Uint8Array, isJoined: boolean, longest: number): string | undefined {
  const { text } = readLineText(line);
  const read = isJoined ? readJoinedLine(text) : text;
  return read.length > longest ? undefined : read;
}

function tooLong(longest: number): ParsedLine {
  const message = `It is longer than ${longest} characters, the most that these patterns may read.`;
  return { kind: 'refused', reason: 'line_too_long', message };
}

const NO_MATCH: ParsedLine = {
  kind: 'refused',
  reason: 'no_match',
  message: 'No pattern of the parser fits it.',
};

function parseText(text: string, parts: PatternParserParts, times: TimeReader): ParsedLine {
  const isOneOfMany = parts.patterns.length > 1;
  for (const one of parts.patterns) {
    // To tell whether it fits takes less than to find its groups.
    if (isOneOfMany && !one.pattern.test(text)) continue;
    const found = one.pattern.match(text);
    if (found) return eventOf({ text, found, one, set: parts.set }, times);
  }
  return NO_MATCH;
}

/** A line that a pattern fits. */
interface Found {
  readonly text: string;
  readonly found: PatternMatch;
  readonly one: FieldPattern;
  readonly set: PatternParserParts['set'];
}

function eventOf({ text, found, one, set }: Found, times: TimeReader): ParsedLine {
  const event: Record<string, unknown> = {};
  const warnings: string[] = [];
  let isPartial = one.confidence === 'partial';
  one.fields.forEach((field, at) => {
    const captured = found[at];
    if (!field || captured === undefined) return;
    const read = field.isSingle && Object.hasOwn(event, field.name) ? undefined : field.read(captured, times);
    if (read) {
      addField(event, field.name, read.value);
      warnings.push(...(read.warnings ?? []));
    } else if (captured !== '') {
      addField(event, `unread.${field.name}`, captured);
      warnings.push(`${field.name} was read already, or is no ${field.type} here: it is kept as text.`);
      isPartial = true;
    }
  });
  for (const [name, value] of Object.entries(set))
    if (!Object.hasOwn(event, name)) addField(event, name, value);
  if (!MESSAGE_KEYS.some((key) => Object.hasOwn(event, key))) event['message'] = text;
  const rest = {
    ...(warnings.length > 0 && { warnings }),
    ...(isPartial && { confidence: 'partial' as const }),
  };
  return { kind: 'event', event, ...rest };
}
