import { isEverything, type ArchivedFiles, type AskedStream, type EventQuery } from '#plugin-kit';
import { BoundValues } from './bound-values.js';
import { renderWhere } from './filter-sql.js';
import type { Outline } from './outlines.js';
import type { SearchRun } from './search-run.js';
import { GROWTH, overlap, TimeWindows, widthOf, type TimeWindow } from './time-windows.js';
import { renderPlace } from './event-place.js';

/** A broad search is counted up to here. */
export const COUNT_BOUND = 100_000;
/** Milliseconds that counting may add to a search. */
const BUDGET_MS = 100;
/** Events that the first window of a count should hold. */
const FIRST_ROWS = 400_000;

export interface Counted {
  readonly total: number;
  readonly totalIsExact: boolean;
}

/** A part of a stream that is counted. */
export interface CountedPart {
  readonly stream: AskedStream;
  readonly outline: Outline;
  readonly range: TimeWindow;
  /** Matching events that are known of elsewhere. */
  readonly known: number;
}

/**
 * How many events match, as exactly as the query asks. A bounded count goes through the range from the side that the page
 * is on, and ends at the bound or when its time is over: what it has counted by then is the least that there is. Where
 * nothing is filtered, the engine knows most of the answer from its parts, and the count is exact.
 */
export async function countMatches(run: SearchRun, query: EventQuery, part: CountedPart): Promise<Counted> {
  if (query.total === 'none') return { total: 0, totalIsExact: false };
  if (!isEverything(query.filter))
    return query.total === 'exact' ? countExactly(run, query, part) : countWithinBudget(run, query, part);
  const { stream, events } = withoutWhole(part);
  return countExactly(run, query, { ...part, stream, known: part.known + events });
}

async function countExactly(run: SearchRun, query: EventQuery, part: CountedPart): Promise<Counted> {
  const total = await countWindow(run, { ...query, ...part.range }, part.stream, {});
  return { total: part.known + (total ?? 0), totalIsExact: true };
}

/** Of archived units that lie in the range as a whole it is known how many events they have: their files need not be read. */
function withoutWhole({ stream, range }: CountedPart): {
  readonly stream: AskedStream;
  readonly events: number;
} {
  const isWhole = ({ oldest, newest }: ArchivedFiles): boolean => oldest >= range.from && newest < range.to;
  const archived = (stream.archived ?? []).map((unit) => (isWhole(unit) ? { ...unit, files: [] } : unit));
  const events = (stream.archived ?? []).filter(isWhole).reduce((sum, unit) => sum + unit.events, 0);
  return { stream: { ...stream, archived }, events };
}

async function countWithinBudget(run: SearchRun, query: EventQuery, part: CountedPart): Promise<Counted> {
  const { stream, outline, range } = part;
  const windows = new TimeWindows({ range, known: overlap(range, outline), order: query.order });
  const end = performance.now() + BUDGET_MS;
  let [total, width] = [part.known, widthOf(FIRST_ROWS, outline, outline.rows)];
  while (total <= COUNT_BOUND) {
    const window = windows.take(width);
    if (!window) return { total, totalIsExact: true };
    const budgetMs = end - performance.now();
    if (budgetMs <= 1) return { total, totalIsExact: false };
    const within = { bound: COUNT_BOUND + 1 - total, budgetMs };
    const counted = await countWindow(run, { ...query, ...window }, stream, within);
    if (counted === undefined || performance.now() >= end) return { total, totalIsExact: false };
    total += counted;
    width *= GROWTH;
  }
  return { total: COUNT_BOUND, totalIsExact: false };
}

/** Undefined where the budget was not enough: then the engine answers nothing. */
async function countWindow(
  run: SearchRun,
  query: EventQuery,
  ...[stream, { bound, budgetMs }]: [stream: AskedStream, within: { bound?: number; budgetMs?: number }]
): Promise<number | undefined> {
  const values = new BoundValues();
  const matching = `FROM ${renderPlace(stream, query, values)} WHERE ${renderWhere(query, stream, values)}`;
  const from = bound === undefined ? matching : `FROM (SELECT 1 ${matching} LIMIT ${Math.trunc(bound)})`;
  const budget = budgetMs === undefined ? { values } : { values, budgetMs };
  const result = await run.ask(`SELECT count() AS _n ${from}`, budget);
  const [row] = result?.rows<{ _n: string }>() ?? [];
  return row && Number(row._n);
}
