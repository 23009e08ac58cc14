import { ARCHIVE_TIER } from '#retention-policy';
import { leavesAt } from '../day.js';
import { archivedFrom, chooseCopies } from '../plans/choose-copies.js';
import { archivedUnits } from '../plans/choose-expiring.js';
import { archiveOf, archiveTierOf, policyOf, type LeavingUnit } from '../plans/choose-units.js';
import type { UnitFigures } from '../plans/retention-plan.js';
import { figuresOf } from '../plans/unit-figures.js';
import type { TenantUnits } from '../plans/unit-reader.js';

/** What of a stream is in the archive, and what should be. Days are `YYYYMMDD`, UTC. */
export interface ArchiveStatus {
  /** As policies name it: the one of the stream's policy, or else that of its oldest unit. */
  readonly tier: string;
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

/** Of a stream; undefined where its policy names no archive, and nothing of it is there. @param leaving what its policy no longer keeps */
export function archiveStatusOf(
  seen: TenantUnits,
  stream: { readonly name: string; readonly eventType: string },
  { leaving, cycleMs }: { readonly leaving: readonly LeavingUnit[]; readonly cycleMs: number },
): ArchiveStatus | undefined {
  const stored = archivedUnits(seen.context, stream).map(({ unit }) => unit);
  const policy = policyOf(seen.context, stream);
  const days = archivedFrom(policy);
  if (days === null && stored.length === 0) return undefined;
  const units = seen.units.filter((unit) => unit.stream === stream.name);
  const due = chooseCopies({ ...seen, units }, leaving).map(({ unit }) => unit);
  const { now } = seen.context;
  const coming = units
    .filter(({ day }) => days !== null && leavesAt(day, days) > now)
    .reduce<number | undefined>((least, { day }) => Math.min(least ?? day, day), undefined);
  const [first, last] = [stored[0], stored.at(-1)];
  const tier = archiveOf(policy) ?? (first ? archiveTierOf(seen.context, first) : ARCHIVE_TIER);
  return {
    ...{ tier, stored: figuresOf(stored) },
    ...(first && last && { actualOldest: first.day, actualNewest: last.day }),
    due: figuresOf(due),
    drift: figuresOf(due.filter(({ day }) => days !== null && leavesAt(day, days) + cycleMs <= now)),
    ...(days !== null && coming !== undefined && { next: { day: coming, at: leavesAt(coming, days) } }),
  };
}
