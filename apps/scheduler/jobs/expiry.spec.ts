import { describe, expect, it } from 'vitest';
import { createBlockIdGenerator } from '#event-model';
import { Scene } from '../testing/scene.js';

const DAY_MS = 86_400_000;
const MINUTE = Math.floor(Date.now() / 60_000) * 60_000;

describe('expiry', () => {
  it('lets the bus forget received counts only once they are in the totals of every tenant', async () => {
    const scene = new Scene();
    await scene.pass('acme', MINUTE - 40 * DAY_MS, 10);
    await scene.pass('rival', MINUTE - 35 * DAY_MS, 4);
    await scene.pass('acme', MINUTE - 2 * DAY_MS, 3);
    await scene.expiry.run(MINUTE);
    expect(scene.bus.expired).toEqual([{ nowMs: MINUTE, countsBefore: MINUTE - 30 * DAY_MS }]);
    expect(await scene.ledger.read('acme')).toMatchObject({
      rows: [{ received: 10 }, { received: 3 }],
      residue: 0,
    });
    expect(await scene.ledger.read('rival')).toMatchObject({ rows: [{ received: 4 }], residue: 0 });
  });

  it('folds the minutes of a tenant whose only stream has a type that is missing, too', async () => {
    const scene = new Scene();
    await scene.pass('acme', MINUTE - 40 * DAY_MS, 10);
    await scene.pass('rival', MINUTE - 40 * DAY_MS, 4);
    await scene.loseType('rival');
    await scene.expiry.run(MINUTE);
    expect(await scene.ledger.read('rival')).toMatchObject({
      rows: [{ received: 4, since: expect.anything() }],
      residue: 0,
    });
  });

  it('forgets the details behind receipts after their time', async () => {
    const scene = new Scene();
    const block = createBlockIdGenerator()();
    const place = {
      tenant: 'acme',
      stream: 'web',
      source: 'agent',
      receivedMinute: MINUTE,
      count: 2,
      offset: 0,
    };
    const outcome = { block, ...place, quarantined: [], deduplicated: [1], dropped: {} };
    await scene.catalogue.write(scene.outcomes.changesFor([outcome]));
    await scene.expiry.run(MINUTE + 6 * DAY_MS);
    expect((await scene.outcomes.read([block])).size).toBe(1);
    await scene.expiry.run(MINUTE + 8 * DAY_MS);
    expect((await scene.outcomes.read([block])).size).toBe(0);
  });
});
