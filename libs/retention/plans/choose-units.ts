import { readPolicy } from '#retention-policy';
import { endOf, leavesAt } from '../day.js';
import { DEFAULT_POLICY, nearestPolicy, type NamedPolicy } from '../policies/policy.js';

/** A day of a stream as the tier has it. */
export interface StreamUnit {
  readonly stream: string;
  readonly eventType: string;
  /** `YYYYMMDD`, UTC. */
  readonly day: number;
  readonly generation: number;
  readonly events: number;
  /** Of disk. */
  readonly bytes: number;
  /** Times of events: nanoseconds since the epoch. */
  readonly oldest: bigint;
  readonly newest: bigint;
}

/** What decides. */
export interface PolicyContext {
  readonly policies: readonly NamedPolicy[];
  /** What counts where none of them is for a stream. */
  readonly keepByDefault: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Of the whole disk. */
  readonly diskBytes: number;
}

/** Why a unit leaves: its age, or the size that its policy sets, in bytes or as a share of the disk. */
export type LeavingReason = 'age' | 'size' | 'disk_share';

export interface LeavingUnit {
  readonly unit: StreamUnit;
  readonly why: LeavingReason;
  /** Name of the policy. */
  readonly policy: string;
}

/** The policy that counts for a stream. */
export function policyOf(
  { policies, keepByDefault }: Pick<PolicyContext, 'policies' | 'keepByDefault'>,
  stream: { readonly name: string; readonly eventType: string },
): NamedPolicy {
  const found = nearestPolicy(new Map(policies.map((one) => [one.name, one])), stream);
  return found ?? { name: DEFAULT_POLICY, keep: keepByDefault, class: 'normal' };
}

/** Days that a policy keeps a unit in the last of its tiers, from the unit's end on; null: forever. */
export function daysKept({ keep }: Pick<NamedPolicy, 'keep'>): number | null {
  return readPolicy(keep).stays?.at(-1)?.until_days ?? null;
}

/**
 * The units that policies no longer keep, the oldest day first. Holds are not asked: what they keep counts as gone here, so
 * that a hold on old days makes no newer ones leave for their size. A day that isn't over never leaves for its size.
 */
export function chooseUnits(units: readonly StreamUnit[], context: PolicyContext): readonly LeavingUnit[] {
  const groups = new Map<string, { readonly policy: NamedPolicy; readonly units: StreamUnit[] }>();
  const byStream = new Map<string, NamedPolicy>();
  for (const unit of units) {
    const policy =
      byStream.get(unit.stream) ?? policyOf(context, { name: unit.stream, eventType: unit.eventType });
    byStream.set(unit.stream, policy);
    const group = groups.get(policy.name) ?? { policy, units: [] };
    groups.set(policy.name, group);
    group.units.push(unit);
  }
  return [...groups.values()]
    .flatMap((group) => ofPolicy(group.policy, group.units.toSorted(byAge), context))
    .toSorted((a, b) => byAge(a.unit, b.unit));
}

/** @param units of all streams that follow the policy, the oldest first */
function ofPolicy(
  policy: NamedPolicy,
  units: readonly StreamUnit[],
  { now, diskBytes }: PolicyContext,
): readonly LeavingUnit[] {
  const days = daysKept(policy);
  const limit = limitOf(policy, diskBytes);
  const isOld = ({ day }: StreamUnit): boolean => days !== null && leavesAt(day, days) <= now;
  let bytes = units.filter((unit) => !isOld(unit)).reduce((sum, unit) => sum + unit.bytes, 0);
  return units.flatMap((unit): LeavingUnit[] => {
    if (isOld(unit)) return [{ unit, why: 'age', policy: policy.name }];
    if (limit === undefined || bytes <= limit.bytes || endOf(unit.day) > now) return [];
    bytes -= unit.bytes;
    return [{ unit, why: limit.why, policy: policy.name }];
  });
}

/** The smaller of a policy's two limits. */
function limitOf(
  { max_bytes: most = Infinity, max_disk_share: share }: NamedPolicy,
  diskBytes: number,
): { readonly bytes: number; readonly why: LeavingReason } | undefined {
  // A disk that can't be asked has no share.
  const shared = share === undefined || diskBytes <= 0 ? Infinity : Math.floor(share * diskBytes);
  if (Math.min(most, shared) === Infinity) return undefined;
  return most <= shared ? { bytes: most, why: 'size' } : { bytes: shared, why: 'disk_share' };
}

function byAge(a: StreamUnit, b: StreamUnit): number {
  return (
    a.day - b.day || (a.stream < b.stream ? -1 : Number(a.stream > b.stream)) || a.generation - b.generation
  );
}
