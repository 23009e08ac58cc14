import type { ScanPiece } from '#plugin-kit';
import { csvRow, type CsvRules } from './csv-row.js';
import { pickFields, fieldOf } from './event-fields.js';

type Pieces = AsyncIterable<ScanPiece>;
type Bytes = AsyncGenerator<Uint8Array>;
type Event = Readonly<Record<string, unknown>>;

const LINE_FEED = 0x0a;
const COMMA = 0x2c;

/** An event a line; where fields are named, only with these. */
export async function* ndjsonBody(pieces: Pieces, fields?: readonly string[]): Bytes {
  for await (const { lines } of pieces) {
    if (!fields) yield lines;
    else
      yield Buffer.from(
        eventsOf(lines)
          .map((event) => `${pickFields(event, fields)}\n`)
          .join(''),
      );
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
  const valueOf = named ? fieldOf : (event: Event, name: string): unknown => event[name];
  if (header) yield Buffer.from(csvRow(columns, { safe }));
  for await (const { lines } of pieces) {
    const rows = eventsOf(lines).map((event) =>
      csvRow(
        columns.map((name) => valueOf(event, name)),
        { safe },
      ),
    );
    yield Buffer.from(rows.join(''));
  }
}

function eventsOf(lines: Uint8Array): readonly Event[] {
  const texts = Buffer.from(lines.buffer, lines.byteOffset, lines.byteLength).toString().split('\n');
  return texts.slice(0, -1).map((text) => JSON.parse(text) as Event);
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
