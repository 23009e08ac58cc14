import type { ArchivedUnit } from '#archived-units';
import { leavesAt } from '../day.js';
import { daysKept, policyOf, type PolicyContext, type LeavingUnit, type StreamUnit } from './choose-units.js';

/** Units that only the archive has, and that policies no longer keep, the oldest day first. Holds are not asked. */
export function chooseExpiring(
  context: PolicyContext,
  streams: readonly { readonly name: string; readonly eventType: string }[],
): readonly LeavingUnit[] {
  return streams
    .flatMap((stream) => {
      const policy = policyOf(context, stream);
      const days = daysKept(policy);
      if (days === null) return [];
      return archivedUnits(context, stream)
        .filter(({ unit, state }) => state === 'evicted' && leavesAt(unit.day, days) <= context.now)
        .map(({ unit }): LeavingUnit => ({ unit, step: 'delete', why: 'age', policy: policy.name }));
    })
    .toSorted((a, b) => a.unit.day - b.unit.day);
}

/** What the archive has of a stream; bytes are those of files. */
export function archivedUnits(
  { archives }: Pick<PolicyContext, 'archives'>,
  { name: stream, eventType }: { readonly name: string; readonly eventType: string },
): readonly { readonly unit: StreamUnit; readonly state: ArchivedUnit['state'] }[] {
  return (archives.get(stream)?.units ?? []).map(({ state, files, oldest, newest, ...unit }) => ({
    state,
    unit: {
      ...{ stream, eventType, day: unit.day, generation: unit.generation, events: unit.events },
      bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
      ...{ oldest: BigInt(oldest), newest: BigInt(newest) },
    },
  }));
}
