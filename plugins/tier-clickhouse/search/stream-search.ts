import type { EventQuery, StreamSpec } from '#plugin-kit';
import { tableNames } from '../schema/names.js';
import { blockLiteral } from '../write/present.js';
import { BoundValues } from './bound-values.js';
import { countMatches } from './count-matches.js';
import { renderWhere } from './filter-sql.js';
import { momentOf } from './range-sql.js';
import type { SearchRun } from './search-run.js';
import { eventColumns, type EventRow } from './stored-event.js';
import { growingWindows, widthOf, type TimeWindow } from './time-windows.js';

/** Events that the first window should hold: reading so many takes some ten milliseconds. */
const FIRST_ROWS = 50_000;

/** Where a stream's events are in time, and how many there are. */
interface Outline extends TimeWindow {
  readonly rows: number;
}

/** What one stream adds to a page. */
export interface StreamAnswer {
  readonly stream: StreamSpec;
  readonly rows: readonly EventRow[];
  readonly more: boolean;
  readonly total: number;
  readonly totalIsExact: boolean;
  /** The time that was looked through; undefined where the stream has no event in the range. */
  readonly scanned?: TimeWindow;
}

/** The first events of one stream in the order asked for, one more than the limit where there are so many. */
export async function searchStream(
  run: SearchRun,
  query: EventQuery,
  stream: StreamSpec,
): Promise<StreamAnswer> {
  const outline = await readOutline(run, stream);
  const range = outline && overlap(query, outline);
  if (!outline || !range) return { stream, rows: [], more: false, total: 0, totalIsExact: true };
  const { rows, scanned } = await listEvents(run, query, { stream, outline, range });
  const more = rows.length > query.limit;
  const whole = { stream, range: within(query, outline) ?? range, all: outline.rows };
  const { total, totalIsExact } =
    more || query.after ? await countMatches(run, query, whole) : { total: rows.length, totalIsExact: true };
  const counted = { total: totalIsExact ? total : Math.max(total, rows.length), totalIsExact };
  return { stream, rows: rows.slice(0, query.limit), more, ...counted, scanned };
}

interface StreamPart {
  readonly stream: StreamSpec;
  readonly outline: Outline;
  readonly range: TimeWindow;
}

/** Reads window after window until the page is full. */
async function listEvents(run: SearchRun, query: EventQuery, { stream, outline, range }: StreamPart) {
  const found: EventRow[] = [];
  const wanted = query.limit + 1;
  const first = widthOf(Math.max(FIRST_ROWS, wanted * 4), outline, outline.rows);
  let scanned = { from: range.to, to: range.from };
  for (const window of growingWindows(range, query.order, first)) {
    const part = { ...query, ...window, limit: wanted - found.length };
    const values = new BoundValues();
    const result = await run.ask(listStatement(part, stream, values), { parameters: values.parameters });
    found.push(...(result?.rows<EventRow>() ?? []));
    scanned = { from: min(scanned.from, window.from), to: max(scanned.to, window.to) };
    if (found.length >= wanted) break;
  }
  return { rows: found, scanned };
}

function listStatement(query: EventQuery, stream: StreamSpec, values: BoundValues): string {
  const direction = query.order === 'desc' ? 'DESC' : 'ASC';
  const order = ['timestamp', 'block', 'row'].map((column) => `${column} ${direction}`).join(', ');
  const { stream: table } = tableNames(stream.tenant, stream.name);
  const where = `${renderWhere(query, stream, values)}${renderAfter(query, values)}`;
  return `SELECT ${eventColumns(stream)} FROM ${table} WHERE ${where} ORDER BY ${order} LIMIT ${Math.trunc(query.limit)}`;
}

/** The range ends at the position's moment: what is left to say is which events of that moment were shown. */
function renderAfter({ after, order }: EventQuery, values: BoundValues): string {
  if (!after) return '';
  const [time, sign] = [momentOf(after.timestamp, values), order === 'desc' ? '<' : '>'];
  const block = blockLiteral(after.block);
  const row = values.bind('UInt32', after.row);
  return ` AND (timestamp != ${time} OR block ${sign} ${block} OR (block = ${block} AND row ${sign} ${row}))`;
}

/** Without a filter, the engine answers from what it knows of its parts. */
async function readOutline(run: SearchRun, stream: StreamSpec): Promise<Outline | undefined> {
  const { stream: table } = tableNames(stream.tenant, stream.name);
  const time = (column: string): string => `toString(toUnixTimestamp64Nano(${column}(timestamp)))`;
  const statement = `SELECT count() AS rows, ${time('min')} AS first, ${time('max')} AS last FROM ${table}`;
  const result = await run.ask(statement, { parameters: {} });
  const [outline] = result?.rows<{ rows: string; first: string; last: string }>() ?? [];
  const rows = Number(outline?.rows ?? 0);
  if (!outline || rows === 0) return undefined;
  return { rows, from: BigInt(outline.first), to: BigInt(outline.last) + 1n };
}

/** The part of the range in which this page's events can be. */
function overlap(query: EventQuery, outline: Outline): TimeWindow | undefined {
  const { after, order } = query;
  if (!after) return within(query, outline);
  const rest =
    order === 'desc'
      ? { from: query.from, to: min(query.to, after.timestamp + 1n) }
      : { from: max(query.from, after.timestamp), to: query.to };
  return within(rest, outline);
}

function within(range: TimeWindow, outline: Outline): TimeWindow | undefined {
  const [from, to] = [max(range.from, outline.from), min(range.to, outline.to)];
  return from < to ? { from, to } : undefined;
}

const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
