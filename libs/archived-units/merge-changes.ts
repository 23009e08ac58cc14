import { discarding, find, missing, objectsOf, byPlace } from './archive-changes.js';
import type { ArchivedStream, ArchivedUnit, ReplacedUnit, StreamArchive, UnitCopy } from './archived-unit.js';

/** What takes the place of several units of a day. */
export interface UnitMerge {
  readonly copy: UnitCopy;
  /** As they are: all of one day, and read with one schema. */
  readonly sources: readonly ArchivedUnit[];
  /** RFC 3339. */
  readonly at: string;
}

export function announcedMerge(archive: StreamArchive, keys: readonly string[]): StreamArchive {
  const discarded = archive.discarded.filter((key) => !keys.includes(key));
  return { ...archive, discarded, merging: [...new Set([...(archive.merging ?? []), ...keys])] };
}

/** Whatever was being put is nobody's: who put it can't commit it any more. */
export function abandonedMerges({ merging, ...archive }: StreamArchive): StreamArchive {
  return merging ? discarding(archive, merging) : archive;
}

export function mergedUnits(
  of: ArchivedStream,
  archive: StreamArchive,
  { copy, sources, at }: UnitMerge,
): StreamArchive {
  if (find(archive, copy)?.manifest.key === copy.manifest.key) return archive;
  const { merging = [] } = archive;
  const isPut = objectsOf(copy).every((key) => merging.includes(key));
  if (!isPut) throw missing(of, copy, 'that is being merged: it was given up meanwhile');
  const left = merging.filter((key) => !objectsOf(copy).includes(key));
  const { merging: _merging, ...swapped } = takenOver(of, archive, { copy, sources, at });
  return left.length > 0 ? { ...swapped, merging: left } : swapped;
}

/** The merged unit in the place of its sources, which are kept for a while. */
export function takenOver(
  of: ArchivedStream,
  archive: StreamArchive,
  { copy, sources, at }: UnitMerge,
): StreamArchive {
  const gone = sources.map((source) => {
    const one = find(archive, source);
    if (one?.state !== 'evicted' || one.manifest.key !== source.manifest.key)
      throw missing(of, source, 'that was to be merged');
    return one;
  });
  const [first] = gone;
  const others = archive.units.filter((one) => !gone.includes(one));
  if (!first || find({ ...archive, units: others }, copy)) throw missing(of, copy, 'to merge with');
  const since = latest(gone.map(({ answering_since: moment }) => moment));
  const merged: ArchivedUnit = {
    ...{ ...copy, state: 'evicted', schema: first.schema },
    ...(since !== undefined && { answering_since: since }),
    evicted_at: latest(gone.map(({ evicted_at: moment }) => moment)) ?? at,
  };
  const replaced = gone.map((one): ReplacedUnit => ({ ...one, replaced_at: at, by: copy.manifest.key }));
  return {
    ...archive,
    units: [...others, merged].toSorted(byPlace),
    replaced: [...(archive.replaced ?? []), ...replaced].toSorted(byPlace),
  };
}

/** The sources of a merged unit answer again, which nothing has taken the place of: it is discarded. */
export function unmerged(of: ArchivedStream, archive: StreamArchive, by: string): StreamArchive {
  const merged = archive.units.find(({ manifest }) => manifest.key === by);
  const back = (archive.replaced ?? []).filter((one) => one.by === by);
  if (!merged) return archive;
  const events = back.reduce((sum, one) => sum + one.events, 0);
  if (events !== merged.events) throw missing(of, merged, 'whose sources are all there still');
  const units = back.map(({ replaced_at: _at, by: _by, recorded: _recorded, ...unit }) => unit);
  const others = archive.units.filter((one) => one !== merged);
  const split = { ...archive, units: [...others, ...units].toSorted(byPlace) };
  return discarding(withoutReplaced(split, back), objectsOf(merged));
}

/** The audit record has that these were merged. */
export function recorded(archive: StreamArchive, units: readonly ReplacedUnit[]): StreamArchive {
  if (!archive.replaced) return archive;
  const replaced = archive.replaced.map((one) =>
    units.some((unit) => isThat(unit, one)) ? { ...one, recorded: true as const } : one,
  );
  return { ...archive, replaced };
}

/** Nobody reads them any more: their objects are discarded. */
export function forgotten(archive: StreamArchive, units: readonly ReplacedUnit[]): StreamArchive {
  const gone = (archive.replaced ?? []).filter((one) => units.some((unit) => isThat(unit, one)));
  if (gone.length === 0) return archive;
  return discarding(withoutReplaced(archive, gone), gone.flatMap(objectsOf));
}

function withoutReplaced(
  { replaced = [], ...archive }: StreamArchive,
  gone: readonly ReplacedUnit[],
): StreamArchive {
  const left = replaced.filter((one) => !gone.includes(one));
  return left.length > 0 ? { ...archive, replaced: left } : archive;
}

function isThat(unit: ReplacedUnit, one: ReplacedUnit): boolean {
  return unit.manifest.key === one.manifest.key && unit.by === one.by;
}

function latest(moments: readonly (string | undefined)[]): string | undefined {
  return moments.reduce((a, b) => (a === undefined || (b !== undefined && b > a) ? b : a), undefined);
}
