import { parseExactJson } from '#plugin-kit';
import { CARE } from './scan-line.js';

const LINE_FEED = 0x0a;

/** The lines with those marked by {@link CARE} made again as a search shows them; most pieces have none and stay as they are. */
export function exactLines(lines: Uint8Array): Uint8Array {
  const bytes = Buffer.from(lines.buffer, lines.byteOffset, lines.byteLength);
  let marked = bytes.indexOf(CARE);
  if (marked === -1) return lines;
  const parts: Uint8Array[] = [];
  let done = 0;
  while (marked !== -1) {
    const end = bytes.indexOf(LINE_FEED, marked);
    parts.push(bytes.subarray(done, marked), exactLine(bytes.toString('utf8', marked + 1, end)));
    done = end;
    marked = bytes.indexOf(CARE, done);
  }
  return Buffer.concat([...parts, bytes.subarray(done)]);
}

function exactLine(line: string): Buffer {
  return Buffer.from(JSON.stringify(parseExactJson(line)));
}
