/** Behind a syslog header with long names; structured data may be longer, and is rare before CEF. */
const LOOKED_AT = 512;
const BEGIN = 'CEF:';
/** `CEF:`, a version and a bar. */
const HEAD = /^CEF: ?\d{1,4}(?:\.\d{1,4})? ?\|/;
const LONGEST_HEAD = 18;
const WORD = /[A-Za-z0-9_]/;
/** A line of JSON or XML may hold such a text; it is another parser's. */
const OTHERS: ReadonlySet<number> = new Set([0x7b, 0x5b, 0x22]);
/** Sure, and a little less so behind a header. */
const [BARE, BEHIND_HEADER] = [1, 0.98];

/** How sure it is that the line is CEF, by its beginning. */
export function sniffCef(line: Uint8Array): number {
  const bytes = Buffer.from(line.buffer, line.byteOffset, Math.min(line.byteLength, LOOKED_AT));
  const at = bytes.indexOf(BEGIN, 0, 'latin1');
  if (at < 0 || (at > 0 && OTHERS.has(bytes[0] ?? 0))) return 0;
  const isHead = HEAD.test(bytes.toString('latin1', at, at + LONGEST_HEAD));
  if (!isHead || WORD.test(bytes.toString('latin1', at - 1, at))) return 0;
  return at === 0 ? BARE : BEHIND_HEADER;
}
