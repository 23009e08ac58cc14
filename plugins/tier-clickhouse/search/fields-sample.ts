import type { AskedStream, FieldReport, FieldsQuery, SearchStats } from '#plugin-kit';
import type { StatementResult } from '../engine/engine.js';
import { readValue } from './aggregate-buckets.js';
import { keyColumn, presence, taggedJson, type SharedColumn } from './aggregate-columns.js';
import { BoundValues } from './bound-values.js';
import { renderWhere } from './filter-sql.js';
import { runQuestion, type QuestionContext } from './question.js';
import { writtenStreams } from './written-streams.js';
import { archivedIn, renderPlace } from './event-place.js';

/** Most undeclared fields of one answer. */
const MAX_ATTRIBUTES = 1_000;
/** Bytes of the longest value that is counted as a frequent one. */
const MAX_VALUE_BYTES = 256;
/** Rows that are looked at together: whole granules, which the engine reads as one, of any table. */
const PIECE_ROWS = 8_192;

type TopValues = FieldReport['topValues'];

interface SampleQuery extends FieldsQuery {
  /** Selected events in all. */
  readonly events: number;
  /** Fields to name frequent values of, in order. */
  readonly names: readonly string[];
}

/** What a sample of the selected events shows. */
interface Sample {
  readonly events: number;
  /** Of each name of the query. */
  readonly topValues: readonly TopValues[];
  readonly attributes: readonly FieldReport[];
  readonly isCut: boolean;
  readonly stats: SearchStats;
}

type TopRow = Readonly<Record<string, unknown>>;
type Counts = readonly (readonly [value: unknown, events: unknown])[];

interface AttributeRow {
  readonly key: string;
  readonly n: string;
  readonly u: string;
  readonly types: readonly string[];
  readonly top: Counts;
}

/** Looks at a bounded part of the selected events: granules spread evenly over the table, or all where they are few. */
export async function readSample(
  context: QuestionContext,
  query: SampleQuery,
  signal?: AbortSignal,
): Promise<Sample> {
  const started = performance.now();
  const streams = query.events === 0 ? [] : await writtenStreams(context.engine, query.streams);
  if (streams.length === 0)
    return { events: 0, topValues: [], attributes: [], isCut: false, stats: noStats() };
  const asked = { ...query, streams };
  // Of all streams, also those without a table: values are read in the form that all of them share.
  const columns = query.names.map((name) => keyColumn(name, query.streams));
  const ask = (render: (values: BoundValues) => string) => run(context, asked, render, signal);
  const [tops, found] = await Promise.all([
    ask((values) => topValuesOf(asked, columns, values)),
    ask((values) => attributesOf(asked, values)),
  ]);
  const [row] = tops.rows<TopRow>();
  const events = Number(row?.['n'] ?? 0);
  return {
    events,
    topValues: columns.map((column, i) => readTop(column, (row?.[`_k${i}`] ?? []) as Counts)),
    ...readAttributes(query, found.rows<AttributeRow>(), events),
    stats: {
      rowsRead: tops.rowsRead + found.rowsRead,
      bytesRead: tops.bytesRead + found.bytesRead,
      elapsedMs: performance.now() - started,
    },
  };
}

function run(
  context: QuestionContext,
  query: SampleQuery,
  ...[render, signal]: [render: (values: BoundValues) => string, signal: AbortSignal | undefined]
): Promise<StatementResult> {
  const values = new BoundValues();
  return runQuestion(context, { statement: render(values), values, timeoutMs: query.timeoutMs }, signal);
}

function topValuesOf(query: SampleQuery, columns: readonly SharedColumn[], values: BoundValues): string {
  const rows = sampleRows(query, values, (stream) =>
    ['1 AS _one', ...columns.map((column, i) => `${column.render(stream, values)} AS _g${i}`)].join(', '),
  );
  const tops = columns.map((column, i) => {
    const isShort =
      column.form === 'text' || column.form === 'tagged' ? ` AND length(_g${i}) <= ${MAX_VALUE_BYTES}` : '';
    return `${topK(query, `_g${i}`, `${presence(column, `_g${i}`) ?? '1'}${isShort}`)} AS _k${i}`;
  });
  return `SELECT ${['count() AS n', ...tops].join(', ')} FROM (${rows})`;
}

function attributesOf(query: SampleQuery, values: BoundValues): string {
  const rows = sampleRows(query, values, () => 'attributes');
  const kinds = `multiIf(startsWith(value, 's'), 'string', value IN ('jtrue', 'jfalse'), 'boolean', startsWith(value, 'j{'), 'object', startsWith(value, 'j['), 'array', 'number')`;
  const pairs = `SELECT key, ${taggedJson('raw')} AS value FROM (${rows}) ARRAY JOIN mapKeys(attributes) AS key, mapValues(attributes) AS raw`;
  const top = `${topK(query, 'value', `length(value) <= ${MAX_VALUE_BYTES}`)} AS top`;
  const declared = values.bind('Array(String)', query.names);
  return `SELECT key, count() AS n, uniqCombined64(value) AS u, arraySort(groupUniqArray(${kinds})) AS types, ${top} FROM (${pairs}) WHERE value != '' AND key NOT IN ${declared} GROUP BY key ORDER BY n DESC, key LIMIT ${MAX_ATTRIBUTES + 1}`;
}

/** The most frequent values of a column with their counts, among rows of a condition. */
function topK({ topValues }: SampleQuery, column: string, condition: string): string {
  const top = `topKIf(${Math.max(1, Math.trunc(topValues))}, 10, 'counts')(${column}, ${condition})`;
  return `arrayMap(each -> (each.1, each.2), ${top})`;
}

/** Each stream gives an equal part of the bound. */
function sampleRows(
  query: SampleQuery,
  values: BoundValues,
  columns: (stream: AskedStream) => string,
): string {
  const { streams } = query;
  const bound = Math.ceil(query.sampleEvents / streams.length);
  const every = Math.max(1, Math.ceil(query.events / query.sampleEvents));
  const parts = streams.map((stream) => {
    const place = renderPlace(stream, query, values);
    const spread = every === 1 ? '' : ` AND ${pieceOf(stream, query)} % ${every} = 0`;
    return `(SELECT ${columns(stream)} FROM ${place} WHERE ${renderWhere(query, stream, values)}${spread} LIMIT ${bound})`;
  });
  return parts.join(' UNION ALL ');
}

/** A number that rows which are looked at together share. Rows of files are looked at one by one. */
function pieceOf(stream: AskedStream, query: SampleQuery): string {
  return archivedIn(stream, query).length === 0
    ? `intDiv(_part_offset, ${PIECE_ROWS})`
    : 'cityHash64(block, row)';
}

function readAttributes(query: SampleQuery, rows: readonly AttributeRow[], of: number) {
  const attributes = rows.slice(0, MAX_ATTRIBUTES).map(({ key, n, u, types, top }): FieldReport => ({
    name: key,
    types,
    declaredIn: [],
    events: Number(n),
    of,
    cardinality: Number(u),
    isExact: false,
    topValues: query.topValues === 0 ? [] : readTop({ form: 'tagged' }, top),
  }));
  return { attributes, isCut: rows.length > MAX_ATTRIBUTES };
}

function readTop(column: Parameters<typeof readValue>[0], counts: Counts): TopValues {
  return counts.map(([value, events]) => ({ value: readValue(column, value), events: Number(events) }));
}

function noStats(): SearchStats {
  return { rowsRead: 0, bytesRead: 0, elapsedMs: 0 };
}
