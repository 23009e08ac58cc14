import type { LineJoiner } from '../kinds/parser.js';
import { TRACE_READERS, type TraceLanguage } from './trace-readers.js';

/** Bytes of a line that are looked at. */
const LOOKED_AT = 2_048;

/** Makes what joins the lines of stack traces of these languages, each with the line above that tells of it. */
export function openTraceJoiner(languages: readonly TraceLanguage[]): LineJoiner {
  const readers = languages.map((language) => TRACE_READERS[language]());
  let first = '';
  let last: string | undefined;
  return (line) => {
    const text = headOf(line);
    const group = last === undefined ? undefined : { first, last };
    // Each is asked, since each follows the lines on its own.
    const goesOn = readers.map((reader) => reader(text, group)).includes(true) && group !== undefined;
    if (!goesOn) first = text;
    last = text;
    return goesOn;
  };
}

/** The beginning of a line as text. */
export function headOf(line: Uint8Array): string {
  return Buffer.from(line.buffer, line.byteOffset, Math.min(line.byteLength, LOOKED_AT)).toString('utf8');
}
