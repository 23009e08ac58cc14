import { isUtf8 } from 'node:buffer';
import { JsonScanner } from './json-scanner.js';
import { JsonFault, type JsonMember } from './json-value.js';

/** A line that is JSON. */
export interface JsonLine {
  readonly text: string;
  /** Keys and values of the object, equal keys included, in order; undefined where the line is another value. */
  readonly members: readonly JsonMember[] | undefined;
  /** Levels of nesting. */
  readonly depth: number;
}

const BYTE_ORDER_MARK = 0xfeff;

/**
 * Reads a line; a byte order mark before it is ignored.
 *
 * @throws JsonFault where it isn't JSON in UTF-8
 */
export function readJsonLine(line: Uint8Array): JsonLine {
  if (!isUtf8(line)) throw new JsonFault('it is not UTF-8', 0);
  const text = Buffer.from(line.buffer, line.byteOffset, line.byteLength).toString();
  const scanner = new JsonScanner(text, text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0);
  const members = scanner.isAtObject() ? scanner.members() : undefined;
  if (members === undefined) scanner.value();
  scanner.end();
  return { text, members, depth: scanner.deepest };
}
