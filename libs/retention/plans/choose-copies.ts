import type { StreamArchive } from '#archived-units';
import { ARCHIVE_TIER, readPolicy } from '#retention-policy';
import { leavesAt } from '../day.js';
import type { NamedPolicy } from '../policies/policy.js';
import { policyOf, type LeavingUnit, type PolicyContext, type StreamUnit } from './choose-units.js';

/** What there is to be copied of. */
export interface CopyContext {
  readonly units: readonly StreamUnit[];
  readonly context: PolicyContext;
  /** Of streams whose policy names the archive. */
  readonly archives: ReadonlyMap<string, StreamArchive>;
}

/** Age in days, counted from the end of the day, at which a unit comes into the archive; null where it never does. */
export function archivedFrom({ keep }: Pick<NamedPolicy, 'keep'>): number | null {
  return readPolicy(keep).stays?.find(({ tier }) => tier === ARCHIVE_TIER)?.from_days ?? null;
}

/**
 * The units that are to be copied into the archive, the oldest day first: those that came to its age, that do not leave, and
 * of which the archive has no copy, or one of fewer or more events.
 */
export function chooseCopies(
  { units, context, archives }: CopyContext,
  leaving: readonly LeavingUnit[],
): readonly LeavingUnit[] {
  const gone = new Set(leaving.map(({ unit }) => unit));
  return units
    .filter((unit) => !gone.has(unit) && archives.has(unit.stream) && !isCopied(unit, archives))
    .flatMap((unit): LeavingUnit[] => {
      const policy = policyOf(context, { name: unit.stream, eventType: unit.eventType });
      const days = archivedFrom(policy);
      const isOf = days !== null && leavesAt(unit.day, days) <= context.now;
      return isOf ? [{ unit, why: 'age', policy: policy.name }] : [];
    })
    .toSorted((a, b) => a.unit.day - b.unit.day);
}

function isCopied(unit: StreamUnit, archives: CopyContext['archives']): boolean {
  return (archives.get(unit.stream)?.units ?? []).some(
    ({ day, generation, events, state }) =>
      day === unit.day && generation === unit.generation && (state !== 'copied' || events === unit.events),
  );
}
