import type { AskedStream } from '#plugin-kit';
import { BoundValues } from './bound-values.js';
import { renderWhere } from './filter-sql.js';
import type { ScanDay } from './scan-days.js';
import type { ScanScope } from './scan-scope.js';
import { SCAN_NICE } from './scan-settings.js';
import { rowsOrNone } from './search.js';
import { renderPlace } from './event-place.js';

/** A stretch of time with few enough rows to be sorted in memory. */
export interface ScanWindow {
  /** Nanoseconds since the epoch, inclusive. */
  readonly from: bigint;
  /** Nanoseconds since the epoch, exclusive. */
  readonly to: bigint;
  /** Streams that had rows in it when they were counted. */
  readonly streams: readonly AskedStream[];
}

type Stretch = ScanWindow;

interface Slot extends Stretch {
  readonly rows: number;
}

/** Nanoseconds of a slot: by which rows are counted, and then those of a slot with too many. */
const UNITS: readonly bigint[] = [60_000_000_000n, 1_000_000_000n, 1_000_000n, 1_000n, 1n];

/**
 * Cuts a day into windows of at most `maxRows` rows each, in the order of the scan, by counting rows a minute; a minute
 * with more is counted by the second, and so on down to the nanosecond. Only rows of one nanosecond may be more.
 */
export async function* windowsOf(
  scope: ScanScope,
  day: ScanDay,
  maxRows: number,
): AsyncGenerator<ScanWindow> {
  const stretch = { from: day.from, to: day.to, streams: day.streams };
  if (day.rows <= maxRows) yield stretch;
  else yield* cut(scope, stretch, maxRows, UNITS);
}

async function* cut(
  scope: ScanScope,
  stretch: Stretch,
  ...[maxRows, [unit, ...finer]]: [maxRows: number, units: readonly bigint[]]
): AsyncGenerator<ScanWindow> {
  if (unit === undefined) return void (yield stretch);
  for (const group of gather(await countSlots(scope, stretch, unit), maxRows)) {
    if (group.rows > maxRows) yield* cut(scope, group, maxRows, finer);
    else yield { from: group.from, to: group.to, streams: group.streams };
  }
}

/** Slots with rows, in the order of the scan. */
async function countSlots(scope: ScanScope, stretch: Stretch, unit: bigint): Promise<readonly Slot[]> {
  const slots = new Map<number, { rows: number; streams: AskedStream[] }>();
  for (const stream of stretch.streams) {
    for (const { _slot: slot, _n: n } of await countStream(scope, { ...stretch, streams: [stream] }, unit)) {
      const known = slots.get(Number(slot)) ?? { rows: 0, streams: [] };
      slots.set(Number(slot), { rows: known.rows + Number(n), streams: [...known.streams, stream] });
    }
  }
  const direction = scope.query.order === 'asc' ? 1 : -1;
  const inOrder = [...slots].sort(([a], [b]) => (a - b) * direction);
  return inOrder.map(([slot, counted]) => ({ ...counted, ...boundsOf(slot, stretch, unit) }));
}

function boundsOf(
  slot: number,
  stretch: Stretch,
  unit: bigint,
): { readonly from: bigint; readonly to: bigint } {
  const from = stretch.from + BigInt(slot) * unit;
  const to = from + unit;
  return { from, to: to < stretch.to ? to : stretch.to };
}

async function countStream(
  { engine, query, signal }: ScanScope,
  { from, to, streams: [stream] }: Stretch,
  unit: bigint,
): Promise<readonly { readonly _slot: string; readonly _n: string }[]> {
  if (!stream) return [];
  const values = new BoundValues();
  const start = values.bind('Int64', from.toString());
  const slot = `intDiv(toUnixTimestamp64Nano(timestamp) - ${start}, ${values.bind('Int64', unit.toString())})`;
  const where = renderWhere({ ...query, from, to }, stream, values);
  const place = renderPlace(stream, { from, to }, values);
  const settings = `max_execution_time = ${query.timeoutMs / 1000}, max_threads = 2, os_threads_nice_value_query = ${SCAN_NICE}`;
  const statement = `SELECT ${slot} AS _slot, count() AS _n FROM ${place} WHERE ${where} GROUP BY _slot SETTINGS ${settings}`;
  const options = { lane: 'read' as const, parameters: values.parameters, ...(signal && { signal }) };
  return rowsOrNone(engine.run(statement, options));
}

/** Joins neighbours while they have few enough rows together. */
function* gather(slots: readonly Slot[], maxRows: number): Generator<Slot> {
  let gathered: Slot | undefined;
  for (const slot of slots) {
    if (gathered && gathered.rows + slot.rows > maxRows) {
      yield gathered;
      gathered = undefined;
    }
    gathered = gathered ? join(gathered, slot) : slot;
  }
  if (gathered) yield gathered;
}

function join(a: Slot, b: Slot): Slot {
  return {
    from: a.from < b.from ? a.from : b.from,
    to: a.to > b.to ? a.to : b.to,
    rows: a.rows + b.rows,
    streams: [...new Set([...a.streams, ...b.streams])],
  };
}
