/** Bytes of a piece. */
const PIECE_BYTES = 2 ** 20;
const LF = 10;

/** The same bytes in pieces of whole lines: about a MiB each, more where one line is longer. */
export async function* wholeLines(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of source) {
    rest.push(chunk);
    bytes += chunk.length;
    if (bytes < PIECE_BYTES || !chunk.includes(LF)) continue;
    const all = Buffer.concat(rest);
    const end = all.lastIndexOf(LF) + 1;
    yield all.subarray(0, end);
    rest = [all.subarray(end)];
    bytes = all.length - end;
  }
  if (bytes > 0) yield Buffer.concat(rest);
}
