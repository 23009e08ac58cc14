import { describe, expect, it } from 'vitest';
import { FAULT_POINTS, faultEnvironment, nameFault, planFaults } from './faults.js';
import { OracleTally } from './oracle-report.js';

describe('fault plan', () => {
  const plan = { mode: 'mixed', rounds: 200, seed: 7, points: FAULT_POINTS } as const;

  it('is the same for the same seed', () => {
    expect(planFaults(plan)).toEqual(planFaults(plan));
    expect(planFaults(plan)).not.toEqual(planFaults({ ...plan, seed: 8 }));
  });

  it('passes every fault point about as often, and kills at random moments between', () => {
    const names = planFaults(plan).map(nameFault);
    const count = (name: string): number => names.filter((other) => other === name).length;
    expect(count('kill')).toBe(100 - count('worker.after-read-back'));
    for (const point of FAULT_POINTS) expect(count(point)).toBeGreaterThanOrEqual(7);
  });

  it('leaves an insert in doubt before each round that ends while it is read back', () => {
    const names = planFaults(plan).map(nameFault);
    const before = names.filter((_, round) => names[round + 1] === 'worker.after-read-back');
    expect(new Set(before)).toEqual(new Set(['worker.after-insert']));
  });

  it('has only ends that were asked for', () => {
    expect(new Set(planFaults({ ...plan, mode: 'sigterm' }).map(nameFault))).toEqual(new Set(['sigterm']));
    expect(planFaults({ ...plan, mode: 'points', rounds: FAULT_POINTS.length }).map(nameFault)).toEqual(
      FAULT_POINTS,
    );
  });

  it('tells the appliance by its setting', () => {
    expect(faultEnvironment({ kind: 'point', name: 'bus.after-commit', nth: 3 })).toEqual({
      ALLUVIUM_FAULT_POINTS: 'bus.after-commit:3',
    });
    expect(faultEnvironment({ kind: 'kill', afterMs: 3 })).toEqual({});
  });
});

describe('tally', () => {
  it('knows which faults never happened', () => {
    const tally = new OracleTally();
    tally.fired('kill', true);
    tally.fired('a', false);
    tally.fired('b', false);
    tally.fired('b', true);
    expect(tally.unfired()).toEqual(['a']);
    expect(tally.describe()).toContain('kill 1/1, a 0/1, b 1/2');
  });
});
