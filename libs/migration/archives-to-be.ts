import type { AwaitedUnit, StreamArchive, UnitOfDay } from '#archived-units';
import { isSameUnit } from '#archived-units';
import type { StoredUnit } from '#plugin-kit';

const NOTHING: StreamArchive = { schemas: [], units: [], discarded: [] };

/** Units of the tables that are to be moved: those that no archive answers for already, the newest day first. */
export function unitsToMove(
  stored: readonly StoredUnit[],
  { units }: Pick<StreamArchive, 'units'> = NOTHING,
): readonly StoredUnit[] {
  const answered = (unit: UnitOfDay): boolean =>
    units.some((one) => one.state !== 'copied' && isSameUnit(one, unit));
  return stored
    .filter((unit) => unit.events > 0 && !answered(unit))
    .toSorted((a, b) => b.day - a.day || b.generation - a.generation);
}

/**
 * What the archive of a stream is when an appliance goes on without the tables that it had: units of the archive answer alone,
 * those of the tables are awaited, and events of their days that come from now on stand beside them.
 *
 * @param lastDay the last day, `YYYYMMDD`, that units may be of
 */
export function archiveToBe(
  before: StreamArchive | undefined,
  awaited: readonly StoredUnit[],
  { lastDay, at }: { readonly lastDay: number; readonly at: string },
): StreamArchive | undefined {
  if (!before && awaited.length === 0) return undefined;
  const { schemas, units, trash, sealed, expired } = before ?? NOTHING;
  const kept = units
    .filter(({ state }) => state !== 'copied')
    .map((unit) =>
      unit.state === 'answering' ? { ...unit, state: 'evicted' as const, evicted_at: at } : unit,
    );
  const all: readonly UnitOfDay[] = [...kept, ...(trash ?? []), ...awaited];
  const next = all.reduce((most, { generation }) => Math.max(most, generation + 1), sealed?.generation ?? 0);
  const through = all.reduce((last, { day }) => Math.max(last, day), Math.max(sealed?.through ?? 0, lastDay));
  return {
    ...{ schemas, units: kept, discarded: [] },
    ...(trash && { trash }),
    ...(next > 0 && { sealed: { through, generation: next } }),
    ...(expired && { expired }),
    ...(awaited.length > 0 && { awaited: awaited.map(toAwaited) }),
  };
}

function toAwaited({ day, generation, events, oldest, newest }: StoredUnit): AwaitedUnit {
  return { day, generation, events, oldest: String(oldest), newest: String(newest) };
}
