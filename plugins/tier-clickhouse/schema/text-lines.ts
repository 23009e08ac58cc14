import type { StreamSpec } from '#plugin-kit';
import { quoteName } from './names.js';

/** Shape of an event that a parser made of a text line: what was sent is the line, not the event made again. */
export const TEXT_SHAPE = 'text';

/** Whether a parser made the line of a text line, which is `original` then. */
export const IS_TEXT = 'notEmpty(original)';

/** Whether a parser refused the text line: the line made of it has the reason, behind a byte that begins no JSON. */
export function isRefusedText(): string {
  return `${IS_TEXT} AND startsWith(line, '\\x01')`;
}

/** The reason in a line that a parser refused; the parser's name stands behind a byte of its own. */
export const TEXT_REASON = "splitByChar('\\x02', substring(line, 2))[1]";

/** Column of the parser whose line was refused; empty for what came as JSON. */
export const REFUSED_PARSER = 'refused_parser';

/** The parser of a refused text line: the one that refused it, or that made the event which the type refuses. */
export function refusedParser(reason: string): string {
  const named = "splitByChar('\\x02', line)[2]";
  return `multiIf(NOT (${IS_TEXT}), '', startsWith(line, '\\x01'), ${named}, ${reason} = '', '', JSONExtractString(line, 'parser'))`;
}

/** The bytes to keep of what is refused. */
export const REFUSED_BYTES = `if(${IS_TEXT}, original, line)`;

/**
 * The kept bytes of an event: the text line where there was one, else `ofLine`. A text line that is the message, byte for
 * byte, isn't kept twice unless the stream keeps every one.
 */
export function rawColumn(keepRaw: StreamSpec['keepRaw'], ofLine: string): string {
  const message = `ifNull(${quoteName('value.message')}, '')`;
  const kept = keepRaw === 'always' ? 'original' : `if(original = ${message}, '', original)`;
  return `if(${IS_TEXT}, ${kept}, ${ofLine})`;
}
