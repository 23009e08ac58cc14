import { readPolicy, stayBehindSearch } from '#retention-policy';
import { leavesAt } from '../day.js';
import type { NamedPolicy } from '../policies/policy.js';
import {
  archivedOf,
  policyOf,
  type LeavingUnit,
  type PolicyContext,
  type StreamUnit,
} from './choose-units.js';

/** A unit that is to be copied. */
export type CopiedUnit = Omit<LeavingUnit, 'step'>;

/** Age in days, counted from the end of the day, at which a unit comes into the tier behind search; null where it never does. */
export function archivedFrom({ keep }: Pick<NamedPolicy, 'keep'>): number | null {
  return stayBehindSearch(readPolicy(keep).stays)?.from_days ?? null;
}

/**
 * The units that are to be copied into the archive, the oldest day first: those that came to its age or move there, and of
 * which the archive has no copy, or one of fewer or more events.
 */
export function chooseCopies(
  { units, context }: { readonly units: readonly StreamUnit[]; readonly context: PolicyContext },
  leaving: readonly LeavingUnit[],
): readonly CopiedUnit[] {
  const steps = new Map(leaving.map((one) => [one.unit, one]));
  return units
    .filter((unit) => !isCopied(unit, context))
    .flatMap((unit): CopiedUnit[] => {
      const { step, ...going } = steps.get(unit) ?? {};
      if (step) return step === 'move' && 'unit' in going ? [going] : [];
      const policy = policyOf(context, { name: unit.stream, eventType: unit.eventType });
      const days = archivedFrom(policy);
      const isOf = days !== null && leavesAt(unit.day, days) <= context.now;
      return isOf ? [{ unit, why: 'age', policy: policy.name }] : [];
    })
    .toSorted((a, b) => a.unit.day - b.unit.day);
}

/** Whether the archive has the unit as it is now. */
export function isCopied(unit: StreamUnit, context: PolicyContext): boolean {
  const copy = archivedOf(context, unit);
  return copy !== undefined && (copy.state !== 'copied' || copy.events === unit.events);
}
