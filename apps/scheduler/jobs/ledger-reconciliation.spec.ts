import { describe, expect, it } from 'vitest';
import { Scene } from '../testing/scene.js';

const MINUTE = Math.floor(Date.now() / 60_000) * 60_000 - 120_000;
const running = new AbortController().signal;

describe('ledger reconciliation', () => {
  it('shows each tenant whose tables lost something, as a metric and in the ledger', async () => {
    const scene = new Scene();
    await scene.pass('acme', MINUTE, 10);
    scene.tier.table = [{ source: 'agent', minute: MINUTE, events: 10 }];
    await scene.reconciliation.run(running);
    expect(await scene.shownResidue('acme')).toBe(0);
    scene.tier.table = [{ source: 'agent', minute: MINUTE, events: 9 }];
    await scene.reconciliation.run(running);
    expect(await scene.shownResidue('acme')).toBe(1);
    expect((await scene.ledger.read('acme')).rows).toMatchObject([{ stored: 9, residue: 1 }]);
  });

  it('goes on, and shows every tenant, where the type of a stream is missing', async () => {
    const scene = new Scene();
    await scene.pass('acme', MINUTE, 10);
    await scene.pass('rival', MINUTE, 10);
    await scene.loseType('rival');
    scene.tier.table = [{ source: 'agent', minute: MINUTE, events: 9 }];
    await scene.reconciliation.run(running);
    expect([await scene.shownResidue('acme'), await scene.shownResidue('rival')]).toEqual([1, 0]);
  });

  it('shows what the bus lost also while the tables cannot be counted, and fails so that it is tried again', async () => {
    const scene = new Scene();
    await scene.pass('acme', MINUTE, 10);
    scene.bus.counts = scene.bus.counts.map((count) => ({ ...count, events: 14 }));
    scene.tier.table = new Error('the engine is down');
    await expect(scene.reconciliation.run(running)).rejects.toThrow('the engine is down');
    expect(await scene.shownResidue('acme')).toBe(4);
  });
});
