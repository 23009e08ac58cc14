import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Session } from 'chdb';
import { parseCsv } from '../test/support/parse-csv.js';

/** What all formats must agree on. */
export interface Digest {
  readonly events: number;
  /** The same for the same events in any order. */
  readonly hash: string;
}

export type Format = 'ndjson' | 'json' | 'csv' | 'parquet';

type Row = Readonly<Record<string, unknown>>;

/** Fields whose values are compared; times as RFC 3339, absent values as nothing. */
const FIELDS = [
  ...['event_id', 'timestamp', 'observed_timestamp', 'source', 'level', 'service', 'host', 'message'],
  ...['trace_id', 'span_id', 'user_id', 'ip', 'latency_ms', 'status', 'region', 'version'],
] as const;

/** Reads an exported file back, each format in its own way, without holding it. */
export async function digestOf(path: string, format: Format): Promise<Digest> {
  const sum = new RowSum();
  for await (const row of rowsOf(path, format)) sum.add(FIELDS.map((name) => row[name]));
  return sum.digest();
}

function rowsOf(path: string, format: Format): AsyncIterable<Row> {
  if (format === 'csv') return csvRows(path);
  return format === 'parquet' ? parquetRows(path) : jsonRows(path);
}

/** Adds up hashes of rows, so that their order doesn't matter and a row that is there twice does. */
class RowSum {
  #events = 0;
  readonly #words = new BigUint64Array(2);

  add(values: readonly unknown[]): void {
    const text = JSON.stringify(values.map((value) => String(value ?? '')));
    const hash = createHash('md5').update(text).digest();
    this.#events += 1;
    this.#words[0] = (this.#words[0] ?? 0n) + hash.readBigUInt64LE(0);
    this.#words[1] = (this.#words[1] ?? 0n) + hash.readBigUInt64LE(8);
  }

  digest(): Digest {
    return { events: this.#events, hash: Array.from(this.#words, (word) => word.toString(16)).join('') };
  }
}

/** Lines of NDJSON, and those of the document between its brackets. */
async function* jsonRows(path: string): AsyncGenerator<Row> {
  for await (const line of linesOf(path)) {
    if (!line.startsWith('{"event_id"')) continue;
    yield JSON.parse(line.endsWith(',') ? line.slice(0, -1) : line) as Row;
  }
}

/** Of the bench events no value holds a line end. */
async function* csvRows(path: string): AsyncGenerator<Row> {
  let header: readonly string[] | undefined;
  for await (const line of linesOf(path)) {
    const [cells = []] = parseCsv(line);
    if (header) yield Object.fromEntries(header.map((name, at) => [name, cells[at]]));
    else header = cells;
  }
}

async function* parquetRows(path: string): AsyncGenerator<Row> {
  const session = new Session(undefined, { connectionArgs: ['--max_server_memory_usage=500000000'] });
  try {
    const time = (name: string): string => `concat(replaceOne(toString(${name}), ' ', 'T'), 'Z') AS ${name}`;
    const columns = FIELDS.map((name) => (name.endsWith('timestamp') ? time(name) : name)).join(', ');
    const statement = `SELECT ${columns} FROM file('${path}', Parquet) SETTINGS max_threads = 1, max_block_size = 8192`;
    yield* session.queryStream(statement, { format: 'JSONEachRow' }).rows<Row>();
  } finally {
    session.close();
  }
}

function linesOf(path: string): AsyncIterable<string> {
  return createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY });
}
