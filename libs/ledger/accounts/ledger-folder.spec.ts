import { beforeEach, describe, expect, it } from 'vitest';
import { MINUTE, PLACE, Scene } from '../testing/scene.js';
import { LedgerMoves } from '../reconciliation/ledger-moves.js';
import { LedgerFolder } from './ledger-folder.js';

const DAY_MS = 86_400_000;
const day = (n: number) => ({ ...PLACE, minute: MINUTE + n * DAY_MS });

describe('old minutes', () => {
  let scene: Scene;
  const foldAt = (nowMs: number) => new LedgerFolder(scene.catalogue, scene.bus).fold(['acme'], nowMs);
  const expireAt = async (nowMs: number) => scene.bus.expire(nowMs, await foldAt(nowMs));
  beforeEach(async () => {
    scene = new Scene();
    await scene.pass({ stored: 10, quarantined: 1 }, day(0));
    await scene.pass({ stored: 20, dropped: 2 }, day(1));
    await scene.pass({ stored: 40 }, day(5));
  });

  it('become one row of the source that still adds up, turn after turn', async () => {
    await expireAt(MINUTE + 32 * DAY_MS);
    expect((await scene.ledger.read('acme')).rows).toMatchObject([
      {
        ...{ since: '2026-11-21T10:00:00.000000000Z', minute: '2026-11-23T09:59:00.000000000Z' },
        ...{ received: 33, stored: 30, quarantined: 1, dropped: 2, residue: 0 },
      },
      { minute: '2026-11-26T10:00:00.000000000Z', received: 40, stored: 40, residue: 0 },
    ]);
    await expireAt(MINUTE + 40 * DAY_MS);
    const { rows, residue } = await scene.ledger.read('acme');
    expect(rows).toMatchObject([{ received: 73, stored: 70, since: '2026-11-21T10:00:00.000000000Z' }]);
    expect(residue).toBe(0);
  });

  it('are added once, also when the turn broke off before the bus forgot its counts', async () => {
    await foldAt(MINUTE + 32 * DAY_MS);
    expect((await scene.ledger.read('acme')).rows).toMatchObject([{ received: 33 }, { received: 40 }]);
    await foldAt(MINUTE + 32 * DAY_MS);
    await expireAt(MINUTE + 32 * DAY_MS);
    expect((await scene.ledger.read('acme')).rows).toMatchObject([{ received: 33 }, { received: 40 }]);
  });

  it('are added once, also when the turn broke off before the minutes were deleted', async () => {
    const kept = await scene.catalogue.scan('ledger');
    await foldAt(MINUTE + 32 * DAY_MS);
    await scene.catalogue.write(kept.map(({ id, value }) => ({ collection: 'ledger', id, value })));
    await expireAt(MINUTE + 32 * DAY_MS);
    const { rows, residue } = await scene.ledger.read('acme');
    expect(rows).toMatchObject([{ received: 33, stored: 30 }, { received: 40 }]);
    expect(residue).toBe(0);
  });

  it('keep what was lost in them', async () => {
    scene.bus.commit(scene.bus.accept(day(1), 3));
    await expireAt(MINUTE + 40 * DAY_MS);
    expect((await scene.ledger.read('acme')).residue).toBe(3);
  });

  it('wait for blocks that are not stored yet', async () => {
    const waiting = scene.bus.accept(day(1), 3);
    await expireAt(MINUTE + 40 * DAY_MS);
    expect((await scene.ledger.read('acme')).rows).toMatchObject([
      { received: 11 },
      { received: 25, pending: 3 },
      { received: 40 },
    ]);
    await scene.post({ stored: 3 }, day(1));
    scene.bus.commit(waiting);
    await expireAt(MINUTE + 40 * DAY_MS);
    expect((await scene.ledger.read('acme')).rows).toMatchObject([{ received: 76, stored: 73, residue: 0 }]);
  });

  it('are shown once, also where a turn broke off before the minutes were deleted', async () => {
    const kept = await scene.catalogue.scan('ledger');
    const before = await scene.ledger.read('acme');
    await foldAt(MINUTE + 32 * DAY_MS);
    await scene.catalogue.write(kept.map(({ id, value }) => ({ collection: 'ledger', id, value })));
    const { rows, residue } = await scene.ledger.read('acme');
    expect([rows.length, residue, before.residue]).toEqual([2, 0, 0]);
    expect(rows.map(({ stored }) => stored)).toEqual([30, 40]);
  });

  it('are counted beside their total where their events leave quarantine later', async () => {
    await expireAt(MINUTE + 32 * DAY_MS);
    await scene.amend({ stored: 1, quarantined: -1 }, day(0));
    await scene.amend({ dropped: 1, dropped_by: { resolved: 1 } }, day(5));
    for (const days of [32, 33, 33]) {
      await expireAt(MINUTE + days * DAY_MS);
      expect((await scene.ledger.read('acme')).rows).toMatchObject([
        { received: 33, stored: 31, quarantined: 0, dropped: 2, residue: 0 },
        { received: 40, stored: 40, dropped: 1, dropped_by: { resolved: 1 }, residue: -1 },
      ]);
    }
  });

  it('wait for events that leave quarantine just now', async () => {
    const moves = new LedgerMoves(scene.catalogue);
    await scene.catalogue.write([moves.open('acme', 'web', [day(1)])]);
    expect(await foldAt(MINUTE + 40 * DAY_MS)).toBe(MINUTE + DAY_MS);
    expect((await scene.ledger.read('acme')).rows).toMatchObject([
      { received: 11 },
      { received: 22 },
      { received: 40 },
    ]);
    expect(await moves.foldedThrough('acme')).toBe(MINUTE + DAY_MS - 60_000);
    await scene.catalogue.write([moves.close('acme', 'web')]);
    await expireAt(MINUTE + 40 * DAY_MS);
    expect((await scene.ledger.read('acme')).rows).toMatchObject([{ received: 73, residue: 0 }]);
  });

  it('of a tenant do not wait for those of another one', async () => {
    await scene.pass({ stored: 1 }, { ...day(0), tenant: 'other' });
    const moves = new LedgerMoves(scene.catalogue);
    await scene.catalogue.write([moves.open('other', 'web', [day(0)])]);
    const folder = new LedgerFolder(scene.catalogue, scene.bus);
    expect(await folder.fold(['acme', 'other'], MINUTE + 40 * DAY_MS)).toBe(MINUTE);
    expect((await scene.ledger.read('acme')).rows).toHaveLength(1);
    expect((await scene.ledger.read('other')).rows).toMatchObject([{ received: 1, stored: 1 }]);
  });
});
