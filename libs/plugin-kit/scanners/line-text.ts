import { isUtf8 } from 'node:buffer';

const REPLACEMENT = '\ufffd';

/** A line as text. */
export interface LineText {
  /** With U+FFFD for bytes that are no UTF-8. */
  readonly text: string;
  /** Whether there were such bytes. */
  readonly isReplaced: boolean;
}

/** Reads a line's bytes as UTF-8. */
export function readLineText(line: Uint8Array): LineText {
  const text = Buffer.from(line.buffer, line.byteOffset, line.byteLength).toString('utf8');
  return { text, isReplaced: text.includes(REPLACEMENT) && !isUtf8(line) };
}
