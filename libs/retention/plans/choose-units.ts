import { outsideTierOf, type ArchivedUnit, type StreamArchive, type UnitOfDay } from '#archived-units';
import { ARCHIVE_TIER, FIRST_TIER, readPolicy, stayBehindSearch } from '#retention-policy';
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
  /** What the archive has, by stream. */
  readonly archives: ReadonlyMap<string, StreamArchive>;
  /** Streams that are kept as documents, which no archive takes. */
  readonly documents?: ReadonlySet<string>;
  /** How long the hot copy stays behind the moment from which the archive answers: milliseconds. */
  readonly graceMs: number;
}

/** Why a unit leaves: its age, or the size that its policy sets, in bytes or as a share of the disk. */
export type LeavingReason = 'age' | 'size' | 'disk_share';

/**
 * - `delete`: no tier keeps it.
 * - `move`: the archive keeps it, and answers for it from now on; the hot copy stays for the grace.
 * - `evict`: the archive has answered for longer than that, so the hot copy goes.
 */
export type LeavingStep = 'delete' | 'move' | 'evict';

export interface LeavingUnit {
  readonly unit: StreamUnit;
  readonly step: LeavingStep;
  readonly why: LeavingReason;
  /** Name of the policy. */
  readonly policy: string;
}

/** The policy that counts for a stream. */
export function policyOf(
  { policies, keepByDefault, documents }: Pick<PolicyContext, 'policies' | 'keepByDefault' | 'documents'>,
  stream: { readonly name: string; readonly eventType: string },
): NamedPolicy {
  const found = nearestPolicy(new Map(policies.map((one) => [one.name, one])), stream);
  const policy = found ?? { name: DEFAULT_POLICY, keep: keepByDefault, class: 'normal' };
  return documents?.has(stream.name) ? { ...policy, keep: withoutArchive(policy) } : policy;
}

/** Documents stay where they are for as long as the policy keeps events anywhere: never shorter than it says. */
function withoutArchive(policy: Pick<NamedPolicy, 'keep'>): string {
  if (!hasArchive(policy)) return policy.keep;
  const days = daysKept(policy);
  return days === null ? `${FIRST_TIER} forever` : `${FIRST_TIER} ${days}d -> delete`;
}

/** Days that a policy keeps a unit in the first of its tiers; null: forever. */
export function daysInSearch({ keep }: Pick<NamedPolicy, 'keep'>): number | null {
  return readPolicy(keep).stays?.find(({ tier }) => tier === FIRST_TIER)?.until_days ?? null;
}

/** Whether a policy names the archive, or a tier from outside in its place. */
export function hasArchive({ keep }: Pick<NamedPolicy, 'keep'>): boolean {
  return archiveOf({ keep }) !== undefined;
}

/** The tier behind search, as the policy names it. */
export function archiveOf({ keep }: Pick<NamedPolicy, 'keep'>): string | undefined {
  return stayBehindSearch(readPolicy(keep).stays)?.tier;
}

/** The tier that keeps a unit beside search, or that its policy would have it in. */
export function archiveTierOf(context: PolicyContext, unit: StreamUnit): string {
  const archived = archivedOf(context, unit);
  if (archived) return outsideTierOf(archived) ?? ARCHIVE_TIER;
  return archiveOf(policyOf(context, { name: unit.stream, eventType: unit.eventType })) ?? ARCHIVE_TIER;
}

/** The tier that a unit is to be copied into. */
export function copyTierOf(context: PolicyContext, { stream: name, eventType }: StreamUnit): string {
  return archiveOf(policyOf(context, { name, eventType })) ?? ARCHIVE_TIER;
}

/** What the archive has of a unit. */
export function archivedOf(
  { archives }: Pick<PolicyContext, 'archives'>,
  unit: UnitOfDay & { readonly stream: string },
): ArchivedUnit | undefined {
  const units = archives.get(unit.stream)?.units ?? [];
  return units.find(({ day, generation }) => day === unit.day && generation === unit.generation);
}

/** Days that a policy keeps a unit in the last of its tiers, from the unit's end on; null: forever. */
export function daysKept({ keep }: Pick<NamedPolicy, 'keep'>): number | null {
  return readPolicy(keep).stays?.at(-1)?.until_days ?? null;
}

/**
 * The units that policies no longer keep where they are, the oldest day first. Holds are not asked: what they keep counts as gone here, so
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
  context: PolicyContext,
): readonly LeavingUnit[] {
  const { now, diskBytes } = context;
  const limit = limitOf(policy, diskBytes);
  const byAgeOf = new Map(units.map((unit) => [unit, stepByAge(unit, policy, context)]));
  const step = hasArchive(policy) ? 'move' : 'delete';
  let bytes = units
    .filter((unit) => byAgeOf.get(unit) === undefined)
    .reduce((sum, unit) => sum + unit.bytes, 0);
  return units.flatMap((unit): LeavingUnit[] => {
    const old = byAgeOf.get(unit);
    if (old === 'stay') return [];
    if (old) return [{ unit, step: old, why: 'age', policy: policy.name }];
    if (limit === undefined || bytes <= limit.bytes || endOf(unit.day) > now) return [];
    bytes -= unit.bytes;
    return [{ unit, step, why: limit.why, policy: policy.name }];
  });
}

/** What a unit's age means; `stay` where it is on its way out already, undefined where it is kept. */
function stepByAge(
  unit: StreamUnit,
  policy: NamedPolicy,
  context: PolicyContext,
): LeavingStep | 'stay' | undefined {
  const { now, graceMs } = context;
  const isOver = (days: number | null): boolean => days !== null && leavesAt(unit.day, days) <= now;
  const { state, answering_since: since } = archivedOf(context, unit) ?? {};
  if (state === 'answering' && since !== undefined)
    return Date.parse(since) + graceMs <= now ? 'evict' : 'stay';
  // Its archive answers, and it came back: nobody asks for it here.
  if (state === 'evicted') return 'stay';
  if (isOver(daysKept(policy))) return 'delete';
  return hasArchive(policy) && isOver(daysInSearch(policy)) ? 'move' : undefined;
}

/** When a unit's age made it leave: milliseconds since the epoch. */
export function dueSince({ unit, step }: LeavingUnit, policy: NamedPolicy, context: PolicyContext): number {
  if (step === 'evict') return Date.parse(archivedOf(context, unit)?.answering_since ?? '') + context.graceMs;
  return leavesAt(unit.day, (step === 'move' ? daysInSearch(policy) : daysKept(policy)) ?? Infinity);
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
