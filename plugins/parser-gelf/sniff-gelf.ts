const OPEN = 0x7b;
const SPACE = 0x20;
/** Bytes in which the name of the one field that every message has is looked for. */
const LOOK_BYTES = 512;
const NAME = Buffer.from('"short_message"');
/** Surer than who takes any JSON object. */
const SURE = 0.95;

/** A JSON object that has `short_message` near its beginning. */
export function sniffGelf(line: Uint8Array): number {
  let first = 0;
  while (first < LOOK_BYTES && (line[first] ?? OPEN) <= SPACE) first += 1;
  if (line[first] !== OPEN) return 0;
  const begin = Buffer.from(line.buffer, line.byteOffset, Math.min(line.length, LOOK_BYTES));
  return begin.includes(NAME) ? SURE : 0;
}
