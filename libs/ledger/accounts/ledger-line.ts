import type { ReceivedCount } from '#event-bus';
import {
  droppedBy,
  left,
  NO_VERDICTS,
  parsePlaceId,
  placeId,
  totalId,
  verdictSum,
  type LedgerDifference,
  type LedgerPlace,
  type LedgerTotal,
  type Verdicts,
} from './ledger-entry.js';
import { settleLine, type SettledLine } from './settle-line.js';

/** Minutes of acceptance, both inclusive: milliseconds since the epoch. */
export interface MinuteRange {
  readonly from: number;
  readonly to: number;
}

/**
 * The account of one source and minute, or of all its minutes that are no longer kept one by one. `stored` and
 * `quarantined` are what the tables really have.
 */
export interface LedgerLine extends SettledLine, Verdicts {
  readonly stream: string;
  readonly source: string;
  /** The last minute of the line. */
  readonly minute: number;
  /** The first minute, where the line is of several. */
  readonly from?: number;
  /** Part of `residue`: events that the ledger counts as stored or quarantined and the tables don't have. */
  readonly missing: number;
}

type ById<T> = ReadonlyMap<string, T>;

/** The two sides of the ledger, by the ids of its entries. */
export interface LedgerSides {
  readonly received: ById<number>;
  readonly receivedLater: ById<number>;
  readonly pending: ById<number>;
  readonly verdicts: ById<Verdicts>;
  readonly missing: ById<LedgerDifference>;
}

const NOTHING_MISSING: LedgerDifference = { stored: 0, quarantined: 0 };

/** A line for every source and minute that either side knows. */
export function linesOf(sides: LedgerSides): LedgerLine[] {
  const { received, pending, verdicts } = sides;
  const ids = new Set([...received.keys(), ...pending.keys(), ...verdicts.keys()]);
  return [...ids].map((id) => lineOf(id, sides));
}

function lineOf(id: string, sides: LedgerSides): LedgerLine {
  const { stream, source, minute = 0 } = parsePlaceId(id);
  const missing = sides.missing.get(id) ?? NOTHING_MISSING;
  const found = foundOf(sides.verdicts.get(id) ?? NO_VERDICTS, missing);
  const settled = settleLine({
    received: sides.received.get(id) ?? 0,
    receivedLater: sides.receivedLater.get(id) ?? 0,
    pending: sides.pending.get(id) ?? 0,
    accounted: verdictSum(found),
  });
  return { stream, source, minute, ...settled, ...found, missing: missing.stored + missing.quarantined };
}

/** Lines of those totals that have a minute in the range. */
export function totalLines(
  totals: ById<LedgerTotal>,
  differences: ById<LedgerDifference>,
  range: MinuteRange,
): LedgerLine[] {
  return [...totals]
    .filter(([, { from, through }]) => from <= range.to && through >= range.from)
    .map(([id, total]) => totalLine(id, total, differences));
}

function totalLine(id: string, total: LedgerTotal, differences: ById<LedgerDifference>): LedgerLine {
  const [tenant = '', stream = '', source = ''] = id.split('/');
  const missing = differences.get(placeId(tenant, { stream, source, minute: undefined })) ?? NOTHING_MISSING;
  const found = foundOf(total, missing);
  return {
    stream,
    source,
    minute: total.through,
    from: total.from,
    received: total.received,
    pending: 0,
    residue: total.received - verdictSum(found),
    ...found,
    missing: missing.stored + missing.quarantined,
  };
}

/** Whether a minute of a source is in its total already. */
export function isFolded(
  totals: ById<Pick<LedgerTotal, 'through'>>,
  count: Pick<ReceivedCount, 'tenant' | 'stream' | 'source' | 'minute'>,
): boolean {
  const total = totals.get(totalId(count.tenant, count));
  return total !== undefined && count.minute <= total.through;
}

/** Whether an entry's minute is in a total already: a fold that broke off leaves such entries behind. */
export function isFoldedEntry(totals: ById<Pick<LedgerTotal, 'through'>>, id: string): boolean {
  const [tenant = ''] = id.split('/');
  const { stream, source, minute = Number.POSITIVE_INFINITY } = parsePlaceId(id);
  return isFolded(totals, { tenant, stream, source, minute });
}

export function isWithin(range: MinuteRange, minute: number): boolean {
  return minute >= range.from && minute <= range.to;
}

/** Sums counts under the ids of the ledger's entries. */
export function eventsById(counts: readonly ReceivedCount[]): ReadonlyMap<string, number> {
  const events = new Map<string, number>();
  for (const count of counts) {
    const place: LedgerPlace = count;
    const id = placeId(count.tenant, place);
    events.set(id, (events.get(id) ?? 0) + count.events);
  }
  return events;
}

function foundOf(verdicts: Verdicts, missing: LedgerDifference): Verdicts {
  const { deduplicated, dropped } = verdicts;
  return {
    stored: verdicts.stored - missing.stored,
    quarantined: verdicts.quarantined - missing.quarantined,
    deduplicated,
    dropped,
    ...droppedBy(verdicts.dropped_by),
    ...left(verdicts),
  };
}
