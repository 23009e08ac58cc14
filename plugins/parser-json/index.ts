import { definePlugin, longKeyMessage, readJsonLine, type ParseContext, type ParsedLine } from '#plugin-kit';
import { createJsonTimeReader, type JsonTimeReader } from './json-time.js';
import manifest from './manifest.json' with { type: 'json' };
import { readFields } from './read-fields.js';

const OPEN = 0x7b;
const CLOSE = 0x7d;
const SPACE = 0x20;
/** Levels of nesting that storage takes. */
const MAX_DEPTH = 64;
/** A line in braces is JSON more often than not; one that knows its keys is asked first. */
const IN_BRACES = 0.85;

function parse(lines: readonly Uint8Array[], context: ParseContext): readonly ParsedLine[] {
  const readTime = createJsonTimeReader(context);
  return lines.map((line) => parseLine(line, readTime));
}

/**
 * Where the event types read the object as it is meant, the line's own bytes go on: numbers beyond a double, the order of
 * keys and equal keys are as they were sent.
 */
function parseLine(line: Uint8Array, readTime: JsonTimeReader): ParsedLine {
  try {
    const { members, depth } = readJsonLine(line);
    if (!members) return refused('not_object', 'It is JSON, but no object: a line is an object, {…}.');
    if (depth > MAX_DEPTH)
      return refused('too_deep', `It has ${depth} levels of nesting; at most ${MAX_DEPTH} are taken.`);
    const long = longKeyMessage(members);
    return long === undefined
      ? (readFields(members, readTime) ?? { kind: 'json' })
      : refused('key_too_long', long);
  } catch (error) {
    return refused('not_json', `It is no JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

function refused(reason: string, message: string): ParsedLine {
  return { kind: 'refused', reason, message };
}

function sniffBraces(line: Uint8Array): number {
  let [first, last] = [0, line.length - 1];
  while ((line[first] ?? OPEN) <= SPACE) first += 1;
  while ((line[last] ?? CLOSE) <= SPACE) last -= 1;
  return line[first] === OPEN && line[last] === CLOSE && first < last ? IN_BRACES : 0;
}

export default definePlugin({ kind: 'parser', manifest, parser: { parse, sniff: sniffBraces } });
