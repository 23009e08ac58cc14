import { beforeEach, expect, it } from 'vitest';
import { FakeTier } from '../testing/fake-tier.js';
import { MINUTE, PLACE, Scene, STREAM } from '../testing/scene.js';
import { Reconciler } from '../reconciliation/reconciler.js';
import { carriedAccounts } from './carried-accounts.js';
import { LedgerFolder, MINUTES_LIFETIME_MS } from './ledger-folder.js';

const OTHER = { ...PLACE, source: 'other', minute: MINUTE + 120_000 };
const LATER = { ...PLACE, minute: MINUTE + 180_000 };

let scene: Scene;
beforeEach(async () => {
  scene = new Scene();
  const accounts = carriedAccounts([
    { ...PLACE, events: 3 },
    { ...PLACE, minute: MINUTE + 60_000, events: 2 },
    { ...OTHER, events: 1 },
  ]);
  for (const [collection, values] of Object.entries(accounts))
    for (const [id, value] of values) await scene.catalogue.write([{ collection, id, value, ifVersion: 0 }]);
});
const read = () => scene.ledger.read(PLACE.tenant);

it('shows what came along as received and refused, beside what is received since', async () => {
  await scene.pass({ stored: 7, quarantined: 1 }, LATER);
  const { rows, residue } = await read();
  expect(residue).toBe(0);
  expect(rows).toMatchObject([
    { source: 'agent', received: 5, quarantined: 5, since: '2026-11-21T10:00:00.000000000Z' },
    { source: 'other', received: 1, quarantined: 1 },
    { source: 'agent', received: 8, stored: 7, quarantined: 1 },
  ]);
});

it('goes on when some of it leaves quarantine, and when later minutes are summed up', async () => {
  await scene.amend({ stored: 2, quarantined: -2 }, PLACE);
  await scene.amend({ dropped: 1, quarantined: -1 }, OTHER);
  await scene.pass({ stored: 7 }, LATER);
  await new LedgerFolder(scene.catalogue, scene.bus).fold(
    [PLACE.tenant],
    LATER.minute + MINUTES_LIFETIME_MS + 60_000,
  );
  const { rows, residue } = await read();
  expect(residue).toBe(0);
  expect(rows).toMatchObject([
    { source: 'other', received: 1, quarantined: 0, dropped: 1 },
    { source: 'agent', received: 12, stored: 9, quarantined: 3 },
  ]);
});

it('is what the tables have', async () => {
  const tier = new FakeTier();
  tier.quarantined.push({ ...PLACE, events: 5 }, { ...OTHER, events: 1 });
  const reconciler = new Reconciler(scene.catalogue, scene.bus);
  expect(await reconciler.reconcile([STREAM], tier)).toEqual({ compared: 0, changed: 0 });
  tier.quarantined.pop();
  await reconciler.reconcile([STREAM], tier);
  expect((await read()).residue).toBe(1);
});

it('is empty where nothing comes along', () => {
  expect(Object.values(carriedAccounts([])).map(({ size }) => size)).toEqual([0, 0, 0]);
});
