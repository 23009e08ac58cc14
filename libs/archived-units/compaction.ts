import type { NewJob } from '#job-queue';
import { outsideTierOf, readBytesOf, type ArchivedUnit, type StreamArchive } from './archived-unit.js';

/** Kind of the job that merges the small files of a day into one. */
export const COMPACTION_JOB = 'archive.compact';
/** Files that are merged at once: each is open while they are read. */
const MOST_FILES = 100;
/** Bytes that are merged at once, in files of the largest size. */
const MOST_SIZES = 4;

/** From when on small files are merged. */
export interface CompactionLimits {
  /** Small files that a day has at least; below 2 nothing is merged. */
  readonly files: number;
  /** Bytes below which a file is small, as questions read it. */
  readonly fileBytes: number;
}

/** Units of one day, of one schema, that are to be one. */
export interface MergeableUnits {
  /** `YYYYMMDD`, UTC. */
  readonly day: number;
  /** By generation. */
  readonly units: readonly ArchivedUnit[];
}

/**
 * What of a stream's archive is to be merged: days with many small files that nobody else has. Of a day with very many, some:
 * the next look finds the rest.
 */
export function mergeableUnits(
  { units }: Pick<StreamArchive, 'units'>,
  { files, fileBytes }: CompactionLimits,
): readonly MergeableUnits[] {
  if (files < 2) return [];
  const groups = new Map<string, ArchivedUnit[]>();
  for (const unit of units) {
    if (unit.state !== 'evicted' || outsideTierOf(unit) !== undefined || bytesOf(unit) >= fileBytes) continue;
    const of = `${unit.day} ${unit.schema}`;
    groups.set(of, [...(groups.get(of) ?? []), unit]);
  }
  return [...groups.values()]
    .map((group) => atOnce(group, MOST_SIZES * fileBytes))
    .filter((group) => group.length >= files)
    .map((group) => ({
      day: group[0]?.day ?? 0,
      units: group.toSorted((a, b) => a.generation - b.generation),
    }))
    .toSorted((a, b) => a.day - b.day);
}

/** A job that doesn't wait for the hour, of one tenant. */
export function compactNow(tenant: string): NewJob & { readonly id: string } {
  return { kind: COMPACTION_JOB, id: `of-${tenant}`, payload: { tenant } };
}

/** The smallest ones. */
function atOnce(group: readonly ArchivedUnit[], mostBytes: number): readonly ArchivedUnit[] {
  const taken: ArchivedUnit[] = [];
  let bytes = 0;
  for (const unit of group.toSorted((a, b) => bytesOf(a) - bytesOf(b) || a.generation - b.generation)) {
    bytes += bytesOf(unit);
    if (taken.length === MOST_FILES || bytes > mostBytes) break;
    taken.push(unit);
  }
  return taken;
}

function bytesOf({ files }: ArchivedUnit): number {
  return files.reduce((sum, file) => sum + readBytesOf(file), 0);
}
