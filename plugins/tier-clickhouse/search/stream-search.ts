import { isEverything, type AskedStream, type EventQuery, type Filter } from '#plugin-kit';
import { blockLiteral } from '../write/present.js';
import { BoundValues } from './bound-values.js';
import { countMatches, type Counted } from './count-matches.js';
import { renderWhere } from './filter-sql.js';
import type { Outline, Outlines } from './outlines.js';
import { momentOf } from './range-sql.js';
import { LAZY_ROWS, type SearchRun } from './search-run.js';
import { eventColumns, type EventRow } from './stored-event.js';
import { GROWTH, overlap, spanning, TimeWindows, widthOf, type TimeWindow } from './time-windows.js';
import { renderPlace } from './event-place.js';

/** Events that the first window should hold: reading so many takes some ten milliseconds. */
const FIRST_ROWS = 200_000;
/**
 * The same where all that match are counted, too: a statement has a price of its own, so that another window costs what is
 * rare a third more, and what is frequent is counted here in place of later.
 */
const FIRST_COUNTED_ROWS = 3_000_000;
/** Archived units that the first window should hold, where events are spread evenly. */
const FIRST_UNITS = 8;
/** Fields whose values few events share. */
const RARE_VALUES = ['trace_id', 'span_id', 'id'];

/** What one stream adds to a page. */
export interface StreamAnswer {
  readonly stream: AskedStream;
  readonly rows: readonly EventRow[];
  readonly more: boolean;
  readonly total: number;
  readonly totalIsExact: boolean;
  /** The time that was looked through; undefined where the stream has no event. */
  readonly scanned?: TimeWindow;
}

/** The first events of one stream in the order asked for, one more than the limit where there are so many. */
export async function searchStream(
  { run, outlines }: { readonly run: SearchRun; readonly outlines: Outlines },
  query: EventQuery,
  stream: AskedStream,
): Promise<StreamAnswer> {
  const outline = await outlines.of(run, stream);
  if (!outline) return { stream, rows: [], more: false, total: 0, totalIsExact: true };
  const page = new PageReader(run, query, { stream, outline });
  await page.fill();
  const { rows, scanned } = page;
  const more = rows.length > query.limit;
  const { total, totalIsExact } =
    more || query.after ? await page.countAll() : { total: rows.length, totalIsExact: true };
  const counted = { total: totalIsExact ? total : Math.max(total, rows.length), totalIsExact };
  return { stream, rows: rows.slice(0, query.limit), more, ...counted, scanned };
}

/** Reads window after window until the page is full. */
class PageReader {
  readonly rows: EventRow[] = [];
  readonly #windows: TimeWindows;
  readonly #wanted: number;
  readonly #countsAll: boolean;
  #scanned: TimeWindow | undefined;
  #matched = 0;
  #width: bigint;
  /** Widths of the windows so far, without what reaches beyond the events. */
  #looked = 0n;

  constructor(
    private readonly run: SearchRun,
    private readonly query: EventQuery,
    private readonly part: { readonly stream: AskedStream; readonly outline: Outline },
  ) {
    const { outline } = part;
    const range = behind(query);
    this.#wanted = query.limit + 1;
    this.#windows = new TimeWindows({ range, known: overlap(range, outline), order: query.order });
    this.#countsAll = query.total !== 'none' && !query.after && !isEverything(query.filter);
    this.#width = widthOf(this.#firstRows(part), outline, outline.rows);
  }

  /**
   * Of archives no more than some files, each of which costs as much to open as many rows to read; all the same where the
   * matches are to be counted, which reads the others anyway.
   */
  #firstRows({ stream, outline }: { readonly stream: AskedStream; readonly outline: Outline }): number {
    if (asksForRareValue(this.query.filter)) return outline.rows;
    const units = stream.archived?.length ?? 0;
    const isLazy = units === 0 && this.#wanted <= LAZY_ROWS;
    if (this.#countsAll && isLazy) return FIRST_COUNTED_ROWS;
    const rows = Math.max(FIRST_ROWS, this.#wanted * 4);
    if (units <= FIRST_UNITS || this.#countsAll) return rows;
    return Math.max(this.#wanted, Math.min(rows, Math.ceil((outline.rows * FIRST_UNITS) / units)));
  }

  /** The time that was looked through. */
  get scanned(): TimeWindow {
    return this.#scanned ?? this.query;
  }

  async fill(): Promise<void> {
    while (this.rows.length < this.#wanted) {
      const window = this.#windows.take(this.#width);
      if (!window) return;
      await this.#read(window);
    }
  }

  /** All that match the query: those of the windows are known, where the page begins at the range's end. */
  countAll(): Promise<Counted> {
    const { query, part } = this;
    if (!this.#countsAll) return countMatches(this.run, query, { ...part, range: query, known: 0 });
    const range = this.#windows.rest;
    if (!range) return Promise.resolve({ total: this.#matched, totalIsExact: true });
    return countMatches(this.run, query, { ...part, range, known: this.#matched });
  }

  async #read(window: TimeWindow): Promise<void> {
    const wanted = { ...this.query, ...window, limit: this.#wanted - this.rows.length };
    const values = new BoundValues();
    const statement = listStatement(wanted, this.part.stream, values);
    const result = await this.run.ask(statement, { values, countsAll: this.#countsAll });
    this.rows.push(...(result?.rows<EventRow>() ?? []));
    this.#matched += result?.rowsBeforeLimit ?? 0;
    this.#scanned = this.#scanned ? spanning(this.#scanned, window) : window;
    this.#looked += this.#width;
    this.#width = this.#nextWidth();
  }

  /** Wide enough for the rest of the page, were it as dense as what was looked through; all, where nothing was found. */
  #nextWidth(): bigint {
    const found = this.rows.length;
    if (found === 0) return this.query.to - this.query.from;
    const needed = this.#looked * BigInt(Math.ceil((1.5 * (this.#wanted - found)) / found));
    const grown = this.#width * GROWTH;
    return needed > grown ? needed : grown;
  }
}

function asksForRareValue(filter: Filter): boolean {
  if (filter.kind === 'all') return filter.of.some(asksForRareValue);
  return filter.kind === 'equals' && RARE_VALUES.includes(filter.field);
}

function listStatement(query: EventQuery, stream: AskedStream, values: BoundValues): string {
  const direction = query.order === 'desc' ? 'DESC' : 'ASC';
  const order = ['timestamp', 'block', 'row'].map((column) => `${column} ${direction}`).join(', ');
  const where = `${renderWhere(query, stream, values)}${renderAfter(query, values)}`;
  return `SELECT ${eventColumns(stream)} FROM ${renderPlace(stream, query, values)} WHERE ${where} ORDER BY ${order} LIMIT ${Math.trunc(query.limit)}`;
}

/** The range ends at the position's moment: what is left to say is which events of that moment were shown. */
function renderAfter({ after, order }: EventQuery, values: BoundValues): string {
  if (!after) return '';
  const [time, sign] = [momentOf(after.timestamp, values), order === 'desc' ? '<' : '>'];
  const block = blockLiteral(after.block);
  const row = values.bind('UInt32', after.row);
  return ` AND (timestamp != ${time} OR block ${sign} ${block} OR (block = ${block} AND row ${sign} ${row}))`;
}

/** The part of the range in which this page's events can be. */
function behind({ from, to, after, order }: EventQuery): TimeWindow {
  if (!after) return { from, to };
  const { timestamp } = after;
  if (order === 'desc') return { from, to: timestamp < to ? timestamp + 1n : to };
  return { from: timestamp > from ? timestamp : from, to };
}
