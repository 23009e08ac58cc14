import type { ArchivedUnit } from '#archived-units';
import { leavesAt } from '../day.js';
import { archivedFrom, chooseCopies } from '../plans/choose-copies.js';
import { policyOf, type LeavingUnit } from '../plans/choose-units.js';
import type { UnitFigures } from '../plans/retention-plan.js';
import { figuresOf } from '../plans/unit-figures.js';
import type { TenantUnits } from '../plans/unit-reader.js';

/** What of a stream is in the archive, and what should be. Days are `YYYYMMDD`, UTC. */
export interface ArchiveStatus {
  /** Bytes are those of the files. */
  readonly stored: UnitFigures;
  /** Undefined where nothing is archived. */
  readonly actualOldest?: number;
  readonly actualNewest?: number;
  /** Days that came to the age at which they are copied, and of which the archive has no copy as they are now. */
  readonly due: UnitFigures;
  /** Those of them that a daily run has missed. */
  readonly drift: UnitFigures;
  /** What is copied next. */
  readonly next?: { readonly day: number; readonly at: number };
}

/** Of a stream; undefined where its policy names no archive. @param leaving what its policy no longer keeps */
export function archiveStatusOf(
  seen: TenantUnits,
  stream: { readonly name: string; readonly eventType: string },
  { leaving, cycleMs }: { readonly leaving: readonly LeavingUnit[]; readonly cycleMs: number },
): ArchiveStatus | undefined {
  const archive = seen.archives.get(stream.name);
  const days = archivedFrom(policyOf(seen.context, stream));
  if (!archive || days === null) return undefined;
  const units = seen.units.filter((unit) => unit.stream === stream.name);
  const due = chooseCopies({ ...seen, units }, leaving).map(({ unit }) => unit);
  const { now } = seen.context;
  const coming = units
    .filter(({ day }) => leavesAt(day, days) > now)
    .reduce<number | undefined>((least, { day }) => Math.min(least ?? day, day), undefined);
  const [first, last] = [archive.units[0], archive.units.at(-1)];
  return {
    stored: figuresOf(archive.units.map(measured)),
    ...(first && last && { actualOldest: first.day, actualNewest: last.day }),
    due: figuresOf(due),
    drift: figuresOf(due.filter(({ day }) => leavesAt(day, days) + cycleMs <= now)),
    ...(coming !== undefined && { next: { day: coming, at: leavesAt(coming, days) } }),
  };
}

function measured({ events, files, oldest, newest }: ArchivedUnit) {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return { events, bytes, oldest: BigInt(oldest), newest: BigInt(newest) };
}
