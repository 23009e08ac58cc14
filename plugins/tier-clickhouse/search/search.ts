import type { EventPlace } from '#event-model';
import type { EventPage, EventQuery, StoredEvent, StreamSpec } from '#plugin-kit';
import type { Engine, StatementResult } from '../engine/engine.js';
import { engineCode, UNKNOWN_DATABASE, UNKNOWN_TABLE } from '../engine/error-codes.js';
import { tableNames } from '../schema/names.js';
import { blockLiteral } from '../write/present.js';
import { BoundValues } from './bound-values.js';
import { renderWhere } from './filter-sql.js';
import { eventColumns, sentEvent, toStoredEvent, type EventRow } from './stored-event.js';

interface StreamPage {
  readonly events: readonly StoredEvent[];
  readonly total: number;
  readonly rowsRead: number;
  readonly bytesRead: number;
}

/** Nice value of searches, so that ingest and its acknowledgements come first on a busy machine. */
const SEARCH_NICE = 10;

/** Searches each stream and merges the pages by time. */
export async function searchEvents(
  engine: Engine,
  query: EventQuery,
  signal?: AbortSignal,
): Promise<EventPage> {
  const started = performance.now();
  const pages = await Promise.all(query.streams.map((stream) => searchStream(engine, query, stream, signal)));
  const newestFirst = (a: StoredEvent, b: StoredEvent): number =>
    compare(b.timestamp, a.timestamp) || compare(b.event_id, a.event_id);
  const order = query.order === 'desc' ? newestFirst : (a: StoredEvent, b: StoredEvent) => newestFirst(b, a);
  const events = pages.flatMap((page) => page.events).sort(order);
  return {
    events: events.slice(0, query.limit),
    total: pages.reduce((sum, page) => sum + page.total, 0),
    stats: {
      rowsRead: pages.reduce((sum, page) => sum + page.rowsRead, 0),
      bytesRead: pages.reduce((sum, page) => sum + page.bytesRead, 0),
      elapsedMs: Math.round((performance.now() - started) * 10) / 10,
    },
  };
}

/** One event by its place, looked for in the given streams, with the event as it was sent. */
export async function findEvent(
  engine: Engine,
  streams: readonly StreamSpec[],
  place: EventPlace,
): Promise<StoredEvent | undefined> {
  const found = await Promise.all(
    streams.map(async (stream) => {
      const { stream: table } = tableNames(stream.tenant, stream.name);
      const where = `block = ${blockLiteral(place.block)} AND row = ${Number(place.row)}`;
      const statement = `SELECT ${eventColumns(stream)} FROM ${table} WHERE ${where} LIMIT 1`;
      const [row] = await rowsOrNone<EventRow>(engine.run(statement, { lane: 'read' }));
      return row ? { ...toStoredEvent(stream, row), original: sentEvent(stream, row) } : undefined;
    }),
  );
  return found.find((event) => event !== undefined);
}

/** Rows of a statement; none where the stream has no table yet, since nothing was written to it. */
export async function rowsOrNone<T>(result: Promise<StatementResult>): Promise<T[]> {
  return (await resultOrNone(result))?.rows<T>() ?? [];
}

async function resultOrNone(result: Promise<StatementResult>): Promise<StatementResult | undefined> {
  try {
    return await result;
  } catch (error) {
    if ([UNKNOWN_TABLE, UNKNOWN_DATABASE].includes(engineCode(error))) return undefined;
    throw error;
  }
}

async function searchStream(
  engine: Engine,
  query: EventQuery,
  ...[stream, signal]: [stream: StreamSpec, signal: AbortSignal | undefined]
): Promise<StreamPage> {
  const values = new BoundValues();
  const where = renderWhere(query, stream, values);
  const { stream: table } = tableNames(stream.tenant, stream.name);
  const order = query.order === 'desc' ? 'DESC' : 'ASC';
  const settings = ` SETTINGS max_execution_time = ${query.timeoutMs / 1000}, max_threads = 2, os_threads_nice_value_query = ${SEARCH_NICE}, query_plan_max_limit_for_lazy_materialization = 1000`;
  const options = { lane: 'read' as const, parameters: values.parameters, ...(signal ? { signal } : {}) };
  const list = `SELECT ${eventColumns(stream)} FROM ${table} WHERE ${where} ORDER BY timestamp ${order}, block ${order}, row ${order} LIMIT ${Math.trunc(query.limit)}${settings}`;
  const count = `SELECT count() AS n FROM ${table} WHERE ${where}${settings}`;
  const [listed, counted] = await Promise.all([
    resultOrNone(engine.run(list, options)),
    resultOrNone(engine.run(count, options)),
  ]);
  return {
    events: (listed?.rows<EventRow>() ?? []).map((row) => toStoredEvent(stream, row)),
    total: Number(counted?.rows<{ n: string }>()[0]?.n ?? 0),
    rowsRead: (listed?.rowsRead ?? 0) + (counted?.rowsRead ?? 0),
    bytesRead: (listed?.bytesRead ?? 0) + (counted?.bytesRead ?? 0),
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
