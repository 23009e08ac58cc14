import { createSeededRandom, type SeededRandom } from '../support/seeded-random.js';

/** How a round ends: killed after some milliseconds under load, killed by itself at a fault point, or asked to end. */
export type Fault =
  | { readonly kind: 'kill'; readonly afterMs: number }
  | { readonly kind: 'point'; readonly name: string; readonly nth: number }
  | { readonly kind: 'sigterm'; readonly afterMs: number };

/** `mixed`: kills at random moments and at every fault point, turn by turn. */
export type FaultMode = 'mixed' | 'kill' | 'points' | 'sigterm';

export const FAULT_MODES: readonly FaultMode[] = ['mixed', 'kill', 'points', 'sigterm'];

/** Steps of the way of a block at which the appliance can be made to end itself. */
export const FAULT_POINTS: readonly string[] = [
  'bus.before-commit',
  'bus.after-commit',
  'bus.before-remove',
  'bus.after-remove',
  'catalogue.before-commit',
  'catalogue.after-commit',
  'worker.before-state',
  'worker.after-state',
  'worker.insert-answered',
  'worker.after-insert',
  'worker.after-read-back',
  'worker.before-commit',
  'tier.after-block-files',
  'tier.after-plain-lines',
];

export interface FaultPlan {
  readonly mode: FaultMode;
  readonly rounds: number;
  readonly seed: number;
  readonly points: readonly string[];
}

const LONGEST_LOAD_MS = 1_500;
const SHORTEST_LOAD_MS = 50;
/** Highest count of passes at which a fault point ends the process. */
const LATEST_PASS = 8;

/** The faults of a run, the same for the same plan; every point has its turn before any has its second. */
export function planFaults(plan: FaultPlan): readonly Fault[] {
  const random = createSeededRandom(plan.seed, 0xfa17);
  let points = 0;
  const faults = Array.from({ length: plan.rounds }, (_, round): Fault => {
    const usesPoint = plan.mode === 'points' || (plan.mode === 'mixed' && round % 2 === 1);
    const name = usesPoint ? plan.points[points++ % plan.points.length] : undefined;
    if (name !== undefined) return { kind: 'point', name, nth: pickPass(name, random) };
    return { kind: plan.mode === 'sigterm' ? 'sigterm' : 'kill', afterMs: pickMoment(random) };
  });
  return faults.map((fault, round) => inDoubtFirst(fault, faults[round + 1]));
}

/** Reading back is passed once after a start, and only where the process before it left an insert in doubt. */
function inDoubtFirst(fault: Fault, next: Fault | undefined): Fault {
  if (isReadBack(fault)) return { ...fault, nth: 1 };
  return next && isReadBack(next) ? { kind: 'point', name: 'worker.after-insert', nth: 1 } : fault;
}

function isReadBack(fault: Fault): fault is Fault & { kind: 'point' } {
  return fault.kind === 'point' && fault.name === 'worker.after-read-back';
}

/** A stream with bad lines in its batches is not tried as plain lines again for a while. */
function pickPass(name: string, random: SeededRandom): number {
  const pass = 1 + random.below(LATEST_PASS);
  return name === 'tier.after-plain-lines' ? 1 : pass;
}

function pickMoment(random: SeededRandom): number {
  return SHORTEST_LOAD_MS + random.below(LONGEST_LOAD_MS - SHORTEST_LOAD_MS);
}

/** The name under which a report counts a fault. */
export function nameFault(fault: Fault): string {
  return fault.kind === 'point' ? fault.name : fault.kind;
}

/** The setting that makes the appliance end itself at the fault. */
export function faultEnvironment(fault: Fault): Readonly<Record<string, string>> {
  return fault.kind === 'point' ? { ALLUVIUM_FAULT_POINTS: `${fault.name}:${fault.nth}` } : {};
}
