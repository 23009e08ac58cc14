import type { AskedStream, ScanQuery } from '#plugin-kit';
import { databaseName } from '../schema/names.js';
import type { ScanScope } from './scan-scope.js';
import { archivedIn } from './event-place.js';

/** What the streams have of one day, within the range of the scan. */
export interface ScanDay {
  /** Nanoseconds since the epoch, inclusive. */
  readonly from: bigint;
  /** Nanoseconds since the epoch, exclusive. */
  readonly to: bigint;
  /** Streams with rows on that day. */
  readonly streams: readonly AskedStream[];
  /** Rows on the whole day, filtered or not. */
  readonly rows: number;
  /** Bytes of these rows, uncompressed; of archived ones about. */
  readonly bytes: number;
}

const DAY_NS = 86_400_000_000_000n;
/** The first part of a partition: the day as `YYYYMMDD`. */
const DAY = "toUInt32(splitByChar('-', partition_id)[1])";

/** Bytes that a byte of an archive's file becomes, about. */
const GROWTH = 10;

/** Days of which the streams have rows, in the order of the scan; known from the parts and the archived units, without reading any. */
export async function* daysOf(scope: ScanScope): AsyncGenerator<ScanDay> {
  const { query } = scope;
  const parts = await askParts<{ day: number }>(scope, `DISTINCT ${DAY} AS day`, '');
  const archived = query.streams.flatMap((stream) => archivedIn(stream, query));
  const days = new Set([...parts, ...archived].map(({ day }) => day));
  const direction = query.order === 'asc' ? 1 : -1;
  for (const day of [...days].sort((a, b) => (a - b) * direction)) {
    const range = rangeOf(day, query);
    if (range.from < range.to) yield { ...range, ...(await contentOf(scope, day)) };
  }
}

async function contentOf(scope: ScanScope, day: number) {
  const what = 'table, sum(rows) AS n, sum(data_uncompressed_bytes) AS bytes';
  const tables = await askParts<{ table: string; n: string; bytes: string }>(scope, what, `${DAY} = ${day}`);
  const names = new Set(tables.map(({ table }) => table));
  const unitsOf = ({ archived = [] }: AskedStream) => archived.filter((unit) => unit.day === day);
  const units = scope.query.streams.flatMap(unitsOf);
  const files = units.flatMap((unit) => unit.files);
  return {
    streams: scope.query.streams.filter(
      (stream) => names.has(`stream.${stream.name}`) || unitsOf(stream).length > 0,
    ),
    rows: sumOf([...tables.map(({ n }) => Number(n)), ...units.map(({ events }) => events)]),
    bytes: sumOf([
      ...tables.map((table) => Number(table.bytes)),
      ...files.map((file) => file.bytes * GROWTH),
    ]),
  };
}

async function askParts<T>(
  { engine, query, signal }: ScanScope,
  what: string,
  where: string,
): Promise<readonly T[]> {
  const parameters = {
    database: databaseName(query.tenant),
    tables: query.streams.map(({ name }) => `stream.${name}`),
  };
  const conditions = [
    'active',
    'rows > 0',
    'database = {database:String}',
    'table IN {tables:Array(String)}',
  ];
  const all = [...conditions, ...(where === '' ? [] : [where])].join(' AND ');
  const group = where === '' ? '' : ' GROUP BY table';
  const statement = `SELECT ${what} FROM system.parts WHERE ${all}${group}`;
  const options = { lane: 'read' as const, parameters, ...(signal && { signal }) };
  return (await engine.run(statement, options)).rows<T>();
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

function rangeOf(day: number, { from, to }: ScanQuery): { readonly from: bigint; readonly to: bigint } {
  const text = String(day);
  const ms = Date.UTC(Number(text.slice(0, 4)), Number(text.slice(4, 6)) - 1, Number(text.slice(6, 8)));
  const start = BigInt(ms) * 1_000_000n;
  const end = start + DAY_NS;
  return { from: start > from ? start : from, to: end < to ? end : to };
}
