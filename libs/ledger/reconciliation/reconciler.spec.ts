import { beforeEach, describe, expect, it } from 'vitest';
import { FakeTier } from '../testing/fake-tier.js';
import { MINUTE, PLACE, Scene, STREAM } from '../testing/scene.js';
import { LedgerFolder } from '../accounts/ledger-folder.js';
import { LedgerMoves } from './ledger-moves.js';
import { Reconciler } from './reconciler.js';

const DAY_MS = 86_400_000;

describe('reconciliation', () => {
  let scene: Scene;
  let tier: FakeTier;
  let reconciler: Reconciler;
  const turn = () => reconciler.reconcile([STREAM], tier);
  const row = async (minute = 0) => (await scene.ledger.read('acme')).rows[minute];
  const inTables = (stored: number, quarantined = 0, minute = MINUTE) => {
    tier.stored.push({ ...PLACE, minute, events: stored });
    if (quarantined > 0) tier.quarantined.push({ ...PLACE, minute, events: quarantined });
  };
  beforeEach(async () => {
    scene = new Scene();
    tier = new FakeTier();
    reconciler = new Reconciler(scene.catalogue, scene.bus);
    await scene.pass({ stored: 100, quarantined: 5 });
    await scene.pass({ stored: 50 }, { ...PLACE, minute: MINUTE + 60_000 });
  });

  it('finds nothing where the tables have what the ledger says, and counts no minutes for that', async () => {
    inTables(100, 5);
    inTables(50, 0, MINUTE + 60_000);
    expect(await turn()).toEqual({ compared: 0, changed: 0 });
    expect(tier.minuteCounts).toBe(0);
  });

  it('shows a row that was deleted by hand as a residue of 1 at its minute, and once it is back, no longer', async () => {
    inTables(99, 5);
    inTables(50, 0, MINUTE + 60_000);
    expect(await turn()).toEqual({ compared: 1, changed: 1 });
    expect(await row()).toMatchObject({ received: 105, stored: 99, residue: 1 });
    expect(await row(1)).toMatchObject({ residue: 0 });
    expect(await turn()).toEqual({ compared: 0, changed: 0 });
    inTables(1);
    expect(await turn()).toMatchObject({ changed: 1 });
    expect(await row()).toMatchObject({ stored: 100, residue: 0 });
  });

  it('shows what is missing in quarantine, and what is in the tables too often', async () => {
    inTables(103, 2);
    inTables(50, 0, MINUTE + 60_000);
    await turn();
    expect(await row()).toMatchObject({ stored: 103, quarantined: 2, residue: 0 });
    tier.quarantined = [];
    inTables(4);
    await turn();
    expect(await row()).toMatchObject({ stored: 107, quarantined: 0, residue: -2 });
  });

  it('goes on counting from there when the minute gets more events', async () => {
    inTables(149, 5);
    await turn();
    await scene.pass({ stored: 10 });
    inTables(10);
    await turn();
    const { residue } = await scene.ledger.read('acme');
    expect(residue).toBe(1);
  });

  it('gives a batch under way one turn, then still leaves its minute alone', async () => {
    inTables(100, 5);
    inTables(50, 0, MINUTE + 60_000);
    scene.bus.accept(PLACE, 7);
    inTables(7);
    expect(await turn()).toEqual({ compared: 0, changed: 0 });
    expect(await turn()).toEqual({ compared: 1, changed: 0 });
  });

  it('finds a loss in another minute although a batch is under way', async () => {
    inTables(99, 5);
    const later = { ...PLACE, minute: MINUTE + 60_000 };
    inTables(57, 0, later.minute);
    scene.bus.accept(later, 7);
    await turn();
    await turn();
    expect(await row()).toMatchObject({ stored: 99, residue: 1 });
    expect(await row(1)).toMatchObject({ stored: 50, pending: 7, residue: 0 });
  });

  it('leaves alone a minute that was written while the engine counted', async () => {
    inTables(99, 5);
    inTables(50, 0, MINUTE + 60_000);
    tier.whileCounting = () => scene.pass({ stored: 1 });
    expect(await turn()).toEqual({ compared: 1, changed: 0 });
    tier.whileCounting = async () => {};
    inTables(2);
    expect(await turn()).toEqual({ compared: 0, changed: 0 });
  });

  it('leaves alone a minute whose events are leaving quarantine, until they have', async () => {
    inTables(103, 5);
    inTables(50, 0, MINUTE + 60_000);
    const moves = new LedgerMoves(scene.catalogue);
    await scene.catalogue.write([moves.open('acme', PLACE.stream, [PLACE])]);
    expect(await moves.streams('acme')).toEqual([PLACE.stream]);
    expect(await turn()).toEqual({ compared: 1, changed: 0 });
    await scene.catalogue.write([moves.close('acme', PLACE.stream)]);
    expect(await turn()).toEqual({ compared: 1, changed: 1 });
  });

  it('misses no event that retention removed, and finds one that went with them', async () => {
    inTables(40, 5);
    inTables(50, 0, MINUTE + 60_000);
    await scene.amend({ expired: 60 }, PLACE);
    expect(await turn()).toEqual({ compared: 0, changed: 0 });
    expect(await row()).toMatchObject({ received: 105, stored: 100, expired: 60, residue: 0 });
    tier.stored = [];
    inTables(39);
    inTables(50, 0, MINUTE + 60_000);
    expect(await turn()).toEqual({ compared: 1, changed: 1 });
    expect(await row()).toMatchObject({ stored: 99, expired: 60, residue: 1 });
  });

  it('leaves a stream alone whose events are being removed, and folds none of their minutes', async () => {
    inTables(10, 5);
    const moves = new LedgerMoves(scene.catalogue);
    await scene.catalogue.write([moves.openRemoval('acme', PLACE.stream, MINUTE)]);
    expect(await moves.leaving('acme')).toEqual([PLACE.stream]);
    expect(await moves.streams('acme')).toEqual([]);
    expect(await turn()).toEqual({ compared: 1, changed: 0 });
    const now = MINUTE + 31 * DAY_MS;
    expect(await new LedgerFolder(scene.catalogue, scene.bus).fold(['acme'], now)).toBe(MINUTE);
    await scene.catalogue.write([moves.closeRemoval('acme', PLACE.stream)]);
    expect(await turn()).toEqual({ compared: 1, changed: 2 });
  });

  it('holds what retention removed of folded minutes against their total', async () => {
    inTables(30, 5);
    const now = MINUTE + 31 * DAY_MS;
    await scene.bus.expire(now, await new LedgerFolder(scene.catalogue, scene.bus).fold(['acme'], now));
    await scene.amend({ expired: 120 }, PLACE);
    expect(await turn()).toEqual({ compared: 0, changed: 0 });
    expect(await row()).toMatchObject({ received: 155, stored: 150, expired: 120, residue: 0 });
  });

  it('holds the total against the tables with what came late for its minutes', async () => {
    inTables(100);
    inTables(50, 0, MINUTE + 60_000);
    const now = MINUTE + 31 * DAY_MS;
    await scene.bus.expire(now, await new LedgerFolder(scene.catalogue, scene.bus).fold(['acme'], now));
    await scene.amend({ stored: 5, quarantined: -5 }, PLACE);
    inTables(4);
    expect(await turn()).toEqual({ compared: 1, changed: 1 });
    expect(await row()).toMatchObject({ received: 155, stored: 154, quarantined: 0, residue: 1 });
    inTables(1);
    expect(await turn()).toEqual({ compared: 1, changed: 1 });
    expect(await row()).toMatchObject({ stored: 155, residue: 0 });
  });

  it('holds the total of old minutes against all of them', async () => {
    inTables(90, 5);
    inTables(50, 0, MINUTE + 60_000);
    await turn();
    const now = MINUTE + 31 * DAY_MS;
    await scene.bus.expire(now, await new LedgerFolder(scene.catalogue, scene.bus).fold(['acme'], now));
    await turn();
    expect(await row()).toMatchObject({ received: 155, stored: 140, quarantined: 5, residue: 10 });
    inTables(10);
    await turn();
    expect(await row()).toMatchObject({ stored: 150, residue: 0 });
  });

  it('ends between two comparisons when it is told to', async () => {
    inTables(1);
    const report = await reconciler.reconcile([STREAM], tier, AbortSignal.abort());
    expect(report).toEqual({ compared: 0, changed: 0 });
  });
});
