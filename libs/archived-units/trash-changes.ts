import { byPlace, find, isSameUnit, missing } from './archive-changes.js';
import type { ArchivedStream, StreamArchive, TrashedUnit, UnitOfDay } from './archived-unit.js';

export function trashed(
  of: ArchivedStream,
  archive: StreamArchive,
  { unit, at, order }: { readonly unit: UnitOfDay; readonly at: string; readonly order: string },
): StreamArchive {
  const { trash = [], units } = archive;
  const gone = find(archive, unit);
  if (!gone && trash.some((one) => isSameUnit(one, unit) && one.order === order)) return archive;
  if (gone?.state !== 'evicted') throw missing(of, unit, 'that is all there is of it');
  return {
    ...withExpired(archive, gone, 1),
    units: units.filter((one) => one !== gone),
    trash: [...trash, { ...gone, trashed_at: at, order }].toSorted(byPlace),
  };
}

export function undeleted(archive: StreamArchive, back: readonly TrashedUnit[]): StreamArchive {
  return back.reduce((all, one) => {
    const { trashed_at: _at, order: _order, ...unit } = one;
    const units = [...all.units, unit].toSorted(byPlace);
    return { ...withExpired(without(all, [one]), one, -1), units };
  }, archive);
}

export function purging(archive: StreamArchive, units: readonly TrashedUnit[]): StreamArchive {
  const trash = (archive.trash ?? []).map((one) =>
    units.some((unit) => isThat(unit, one)) ? { ...one, purging: true as const } : one,
  );
  return archive.trash ? { ...archive, trash } : archive;
}

/** Why stores keep objects of units that are being deleted; undefined where they don't. */
export function locked(
  archive: StreamArchive,
  whyOf: (unit: TrashedUnit) => string | undefined,
): StreamArchive {
  const { trash = [] } = archive;
  if (trash.every((one) => !one.purging || one.locked === whyOf(one))) return archive;
  return {
    ...archive,
    trash: trash.map((one) => {
      const { locked: _before, ...unit } = one;
      const why = whyOf(one);
      return unit.purging && why !== undefined ? { ...unit, locked: why } : unit;
    }),
  };
}

export function purged(archive: StreamArchive, units: readonly TrashedUnit[]): StreamArchive {
  const gone = (archive.trash ?? []).filter((one) => one.purging && units.some((unit) => isThat(unit, one)));
  return gone.length === 0 ? archive : without(archive, gone);
}

/** Not one that was brought back and deleted again. */
function isThat(unit: TrashedUnit, one: TrashedUnit): boolean {
  return isSameUnit(unit, one) && unit.trashed_at === one.trashed_at;
}

function without({ trash = [], ...archive }: StreamArchive, gone: readonly TrashedUnit[]): StreamArchive {
  return { ...archive, trash: trash.filter((one) => !gone.includes(one)) };
}

function withExpired(
  archive: StreamArchive,
  { events }: Pick<TrashedUnit, 'events'>,
  by: 1 | -1,
): StreamArchive {
  const before = archive.expired ?? { units: 0, events: 0 };
  return { ...archive, expired: { units: before.units + by, events: before.events + by * events } };
}
