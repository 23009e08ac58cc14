import type { ScanPiece } from '#plugin-kit';
import { csvRow, type CsvRules } from './csv-row.js';
import { EventFields, pickFields } from './event-fields.js';

type Pieces = AsyncIterable<ScanPiece>;
type Bytes = AsyncGenerator<Uint8Array>;

const LINE_FEED = 0x0a;
const COMMA = 0x2c;
/** Least bytes of a chunk of written events. */
const CHUNK_BYTES = 64 * 1024;

/** An event a line; where fields are named, only with these. */
export async function* ndjsonBody(pieces: Pieces, fields?: readonly string[]): Bytes {
  for await (const { lines } of pieces) {
    if (!fields) yield lines;
    else yield* written(lines, (event) => `${pickFields(event, fields)}\n`);
  }
}

/** All events in the one document that a search would answer with. */
export async function* jsonBody(pieces: Pieces, fields?: readonly string[]): Bytes {
  let isFirst = true;
  yield Buffer.from('{"logs":[\n');
  for await (const lines of ndjsonBody(pieces, fields)) {
    yield withCommas(lines, isFirst);
    isFirst = false;
  }
  yield Buffer.from('\n]}\n');
}

export interface CsvForm extends CsvRules {
  readonly columns: readonly string[];
  /** Whether the columns were asked for: then attributes may be among them. */
  readonly named: boolean;
  /** Not where a broken download goes on. */
  readonly header: boolean;
}

/** A row for each event; attributes that are no column of their own stand in `attributes`, as JSON. */
export async function* csvBody(pieces: Pieces, { columns, named, header, safe }: CsvForm): Bytes {
  const names = columns.map((name) => JSON.stringify(name));
  if (header) yield Buffer.from(csvRow(names, { safe }));
  for await (const { lines } of pieces) {
    yield* written(lines, (event) => {
      const values = columns.map((name) => (named ? event.find(name) : event.top(name)));
      return csvRow(values, { safe });
    });
  }
}

/** Each event in another form, in chunks that are soon collected again. */
function* written(lines: Uint8Array, write: (event: EventFields) => string): Generator<Uint8Array> {
  const bytes = Buffer.from(lines.buffer, lines.byteOffset, lines.byteLength);
  let [chunk, used] = [Buffer.alloc(0), 0];
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(LINE_FEED, start);
    const text = write(new EventFields(bytes.toString('utf8', start, end)));
    const size = Buffer.byteLength(text);
    if (used + size > chunk.length) {
      if (used > 0) yield chunk.subarray(0, used);
      [chunk, used] = [Buffer.allocUnsafeSlow(Math.max(CHUNK_BYTES, size)), 0];
    }
    used += chunk.write(text, used);
    start = end + 1;
  }
  if (used > 0) yield chunk.subarray(0, used);
}

/** Lines with commas between them: before each but the first of all. */
function withCommas(lines: Uint8Array, isFirst: boolean): Uint8Array {
  const bytes = Buffer.from(lines.buffer, lines.byteOffset, lines.byteLength);
  const parts: Uint8Array[] = [];
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(LINE_FEED, start);
    if (!isFirst || start > 0) parts.push(SEPARATOR);
    parts.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return Buffer.concat(parts);
}

const SEPARATOR = Uint8Array.of(COMMA, LINE_FEED);
