import type { EventQuery, Filter, StreamSpec } from '#plugin-kit';
import { tableNames } from '../schema/names.js';
import { BoundValues } from './bound-values.js';
import { renderWhere } from './filter-sql.js';
import type { SearchRun } from './search-run.js';
import { growingWindows, widthOf, type TimeWindow } from './time-windows.js';

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

interface CountedPart {
  readonly stream: StreamSpec;
  /** The part of the query's range in which the stream has events. */
  readonly range: TimeWindow;
  /** Events in the whole table. */
  readonly all: number;
}

/**
 * How many events match, as exactly as the query asks. A bounded count goes through the range from the side that the page
 * is on, and ends at the bound or when its time is over: what it has counted by then is the least that there is. Where
 * nothing is filtered, the engine knows most of the answer from its parts, and the count is exact.
 */
export async function countMatches(run: SearchRun, query: EventQuery, part: CountedPart): Promise<Counted> {
  if (query.total === 'none') return { total: 0, totalIsExact: false };
  const { stream, range } = part;
  if (query.total === 'exact' || isEverything(query.filter)) {
    const total = await countWindow(run, { ...query, ...range }, stream, {});
    return { total: total ?? 0, totalIsExact: true };
  }
  return countWithinBudget(run, query, part);
}

async function countWithinBudget(run: SearchRun, query: EventQuery, part: CountedPart): Promise<Counted> {
  const { stream, range, all } = part;
  const end = performance.now() + BUDGET_MS;
  let total = 0;
  for (const window of growingWindows(range, query.order, widthOf(FIRST_ROWS, range, all))) {
    const budgetMs = end - performance.now();
    if (budgetMs <= 1) return { total, totalIsExact: false };
    const bound = COUNT_BOUND + 1 - total;
    const counted = await countWindow(run, { ...query, ...window }, stream, { bound, budgetMs });
    if (counted === undefined || performance.now() >= end) return { total, totalIsExact: false };
    total += counted;
    if (total > COUNT_BOUND) return { total: COUNT_BOUND, totalIsExact: false };
  }
  return { total, totalIsExact: true };
}

/** Undefined where the budget was not enough: then the engine answers nothing. */
async function countWindow(
  run: SearchRun,
  query: EventQuery,
  ...[stream, { bound, budgetMs }]: [stream: StreamSpec, within: { bound?: number; budgetMs?: number }]
): Promise<number | undefined> {
  const values = new BoundValues();
  const matching = `FROM ${tableNames(stream.tenant, stream.name).stream} WHERE ${renderWhere(query, stream, values)}`;
  const from = bound === undefined ? matching : `FROM (SELECT 1 ${matching} LIMIT ${Math.trunc(bound)})`;
  const { parameters } = values;
  const budget = budgetMs === undefined ? { parameters } : { parameters, budgetMs };
  const result = await run.ask(`SELECT count() AS n ${from}`, budget);
  const [row] = result?.rows<{ n: string }>() ?? [];
  return row && Number(row.n);
}

function isEverything(filter: Filter): boolean {
  return filter.kind === 'all' && filter.of.every(isEverything);
}
