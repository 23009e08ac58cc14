const LF_WRITTEN = '#012';
const HASH_WRITTEN = '#043';
/** What would be read as one of the two. */
const AMBIGUOUS = /#(?=012|043)/g;
const WRITTEN = /#0(12|43)/g;
const HASH = 0x23;

/**
 * Lines that are one event as one line, which a block can hold: an LF is `#012`, as syslog daemons write it, and a `#` that
 * would be misread `#043`. {@link readJoinedLine} gives the lines back, byte for byte.
 */
export function joinLines(lines: readonly Uint8Array[]): Uint8Array {
  const [only] = lines;
  if (lines.length === 1 && only && !only.includes(HASH)) return only;
  // Latin-1 has a character for each byte, so that no byte is changed.
  const texts = lines.map((line) => asBuffer(line).toString('latin1').replace(AMBIGUOUS, HASH_WRITTEN));
  return Buffer.from(texts.join(LF_WRITTEN), 'latin1');
}

/** The text of what {@link joinLines} wrote, its LFs where they were. */
export function readJoinedLine(line: string): string {
  return line.includes('#0') ? line.replace(WRITTEN, (_, octal) => (octal === '12' ? '\n' : '#')) : line;
}

function asBuffer(line: Uint8Array): Buffer {
  return Buffer.from(line.buffer, line.byteOffset, line.byteLength);
}
