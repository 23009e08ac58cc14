import { beforeEach, describe, expect, it } from 'vitest';
import { ArchivedUnits } from '#archived-units';
import { MemoryCatalogue } from '#catalogue/testing';
import type { Catalogue, ChangeOutcome } from '#catalogue';
import { LedgerMoves, LedgerWriter } from '#ledger';
import { TierError, type CountedUnit, type RetainingTier, type RollUpTier } from '#plugin-kit';
import { CopiesDue, UnitRemovals } from '#storage-tier';
import { FakeRetainingTier } from '../testing/fake-retaining-tier.js';
import { FakeLogger, STREAM } from '../testing/scene.js';
import { RemovalSettler } from './removal-settler.js';
import { UnitRemover, type Removal, type RemovalTask } from './unit-remover.js';

const STREAM_ID = { tenant: STREAM.tenant, stream: STREAM.name };
const PART = { stream: STREAM, day: 20261120, generation: 0 };
const [EARLY, LATE] = [Date.parse('2026-11-20T10:00:00Z'), Date.parse('2026-11-20T10:01:00Z')];

let catalogue: MemoryCatalogue;
let tier: FakeRetainingTier;
let unit: CountedUnit;
beforeEach(async () => {
  [catalogue, tier] = [new MemoryCatalogue(), new FakeRetainingTier()];
  tier.add(1, 30, { source: 'a', minute: EARLY });
  tier.add(2, 12, { source: 'b', minute: EARLY });
  tier.add(3, 7, { source: 'a', minute: LATE });
  const counted = await tier.countUnit(PART);
  if (!counted) throw new Error('nothing counted');
  unit = counted;
});

interface World {
  /** Called at every step; throws where the process dies. */
  readonly step?: (name: string) => void;
  readonly atRest?: boolean;
  readonly logger?: FakeLogger;
}

/** A process over the same catalogue and tables. */
function processWith({ step = () => {}, atRest = true, logger = new FakeLogger() }: World = {}): UnitRemover {
  tier.reach = step;
  const write: Catalogue['write'] = async (changes) => {
    const outcomes: ChangeOutcome[] = [];
    // A crash may keep the first of several changes alone.
    for (const change of changes) {
      step(`write ${change.collection}`);
      outcomes.push(...(await catalogue.write([change])));
    }
    step('written');
    return outcomes;
  };
  const mortal = Object.assign(Object.create(catalogue) as MemoryCatalogue, { write });
  const [removals, moves] = [new UnitRemovals(mortal), new LedgerMoves(mortal)];
  const asked = (): RetainingTier & RollUpTier => tier as unknown as RetainingTier & RollUpTier;
  const due = new CopiesDue(mortal);
  const common = { tier: asked, catalogue: mortal, removals, moves, due, reach: step };
  const ledger = new LedgerWriter(mortal);
  const settler = new RemovalSettler({ ...common, ledger, archived: new ArchivedUnits(mortal) });
  return new UnitRemover({
    ...{ ...common, settler, logger },
    writers: { exclusively: async (_stream, work) => work(), isAtRest: async () => atRest },
    streams: { find: async () => STREAM },
  });
}

function remove(remover: UnitRemover, more: Partial<RemovalTask> = {}): Promise<Removal> {
  return remover.remove({ stream: STREAM, unit, order: 'plan-1', mayGo: async () => true, ...more });
}

/** What the ledger says that retention removed: of the stream and by place. */
async function expired(
  account: 'expired' | 'archived' = 'expired',
): Promise<Record<string, number | undefined>> {
  const all = [...(await catalogue.scan('ledger')), ...(await catalogue.scan('ledger-sums'))];
  return Object.fromEntries(
    all.map(({ id, value }) => [id, (value as Record<typeof account, number>)[account]]),
  );
}

/** The unit's copy, which questions are answered from. */
async function answerFromArchive(): Promise<void> {
  const archived = new ArchivedUnits(catalogue);
  const copy = {
    ...{ day: 20261120, generation: 0, events: 49, oldest: '1', newest: '2', sources: [], through: 'ff' },
    ...{ manifest: { key: 'm', sha256: 'aa' }, files: [], copied_at: '2026-11-22T02:00:00.000Z' },
  };
  await archived.commit(STREAM_ID, copy, { columns: [], sorted_by: [] });
  await archived.answer(STREAM_ID, { day: 20261120, generation: 0, manifest: 'm' }, copy.copied_at);
}

const stateInArchive = async (): Promise<string | undefined> =>
  (await new ArchivedUnits(catalogue).now(STREAM_ID)).units[0]?.state;

const ALL_GONE = {
  'acme/29919480/web/a': 30,
  'acme/29919480/web/b': 12,
  'acme/29919481/web/a': 7,
  'acme/web': 49,
};

/** Nothing of a removal is left in the catalogue but what its order has done. */
async function leftOver(): Promise<number> {
  const names = ['unit-removals', 'unit-removal-counts', 'ledger-moves'];
  const all = await Promise.all(names.map((name) => catalogue.scan(name)));
  return all.flat().length;
}

it('removes what was counted, makes the roll-ups again and accounts for it by source and minute', async () => {
  expect(await remove(processWith())).toEqual({ outcome: 'removed', events: 49 });
  expect([tier.total, tier.rebuilt]).toEqual([0, [20261120]]);
  expect(await expired()).toEqual(ALL_GONE);
  expect(await leftOver()).toBe(0);
});

it('leaves what came since the day was counted', async () => {
  tier.add(4, 5, { source: 'late', minute: LATE });
  expect(await remove(processWith())).toMatchObject({ outcome: 'removed', events: 49 });
  expect(tier.events.map(({ source }) => source)).toEqual(['late']);
});

it('removes a unit once for an order, and says so again', async () => {
  await remove(processWith());
  tier.add(1, 49, { source: 'a', minute: EARLY });
  expect(await remove(processWith())).toEqual({ outcome: 'removed', events: 49 });
  expect(tier.total).toBe(49);
  await new UnitRemovals(catalogue).forget('acme', 'plan-1');
  expect(await remove(processWith())).toMatchObject({ outcome: 'kept', why: 'changed' });
});

describe('keeps a unit whole', () => {
  it.each([
    ['of which events are gone', () => tier.events.splice(0, 1), '49 events were counted, and 19 of them'],
    ['of which no event is there', () => tier.events.splice(0), 'and 0 of them'],
    [
      'whose events are others now',
      () => {
        tier.events.splice(1, 1);
        tier.events.unshift({ block: '0'.repeat(32) as never, source: 'b', minute: EARLY, events: 12 });
      },
      'others than were counted',
    ],
  ])('%s', async (_what, change, detail) => {
    change();
    const before = tier.total;
    const kept = await remove(processWith());
    expect(kept).toMatchObject({ outcome: 'kept', why: 'changed' });
    expect(kept).toHaveProperty('detail', expect.stringContaining(detail));
    expect([tier.total, await expired(), await leftOver()]).toEqual([before, {}, 0]);
  });

  it('that a hold keeps, which is asked for once the removal can be seen by whoever holds', async () => {
    const removals = new UnitRemovals(catalogue);
    let seen: unknown;
    const mayGo = async (): Promise<boolean> => {
      seen = await removals.underWay('acme');
      return false;
    };
    expect(await remove(processWith(), { mayGo })).toMatchObject({ outcome: 'kept', why: 'held' });
    expect(seen).toMatchObject([{ stream: 'web', day: 20261120, order: 'plan-1', phase: 'asked' }]);
    expect([tier.total, await expired(), await leftOver()]).toEqual([49, {}, 0]);
  });

  it('where nobody can say whether it may go', async () => {
    const mayGo = () => Promise.reject(new Error('no catalogue'));
    await expect(remove(processWith(), { mayGo })).rejects.toThrow('no catalogue');
    expect([tier.total, await leftOver()]).toEqual([49, 0]);
  });

  it('while a batch of its stream is half stored', async () => {
    await expect(remove(processWith({ atRest: false }))).rejects.toMatchObject({
      code: 'stream_busy',
      retryable: true,
    });
    expect([tier.total, await leftOver()]).toEqual([49, 0]);
  });
});

it('goes on where the engine failed in the middle, before the writer may', async () => {
  const logger = new FakeLogger();
  let failures = 1;
  const step = (name: string): void => {
    if (name !== 'rebuildRollUps' || failures === 0) return;
    failures -= 1;
    throw new TierError('unavailable', 'The engine rests.');
  };
  expect(await remove(processWith({ step, logger }))).toMatchObject({ outcome: 'removed', events: 49 });
  expect(logger.lines.map(({ text }) => text)).toEqual(['a removal is gone on with']);
  expect(await expired()).toEqual(ALL_GONE);
});

describe('a process that dies at a step', () => {
  const steps: string[] = [];
  const dying = (at: number) => {
    let n = 0;
    return (name: string): void => {
      n += 1;
      if (n >= at) throw new Error(`died at ${name}`);
    };
  };

  it('leaves a unit whole or is finished by the next, exactly once, at each of them', async () => {
    await remove(processWith({ step: (name) => void steps.push(name) }));
    expect(steps).toEqual(expect.arrayContaining(['retention.going', 'unit removed', 'retention.accounted']));
    expect(steps.length).toBeGreaterThan(15);
    for (let at = 1; at <= steps.length; at += 1) {
      [catalogue, tier] = [new MemoryCatalogue(), new FakeRetainingTier()];
      tier.add(1, 30, { source: 'a', minute: EARLY });
      tier.add(2, 12, { source: 'b', minute: EARLY });
      tier.add(3, 7, { source: 'a', minute: LATE });
      await expect(remove(processWith({ step: dying(at) }))).rejects.toThrow('died at');
      await processWith().settleLeft();
      expect([0, 49], `died at step ${at}`).toContain(tier.total);
      expect(await expired(), `died at step ${at}`).toEqual(tier.total === 0 ? ALL_GONE : {});
      expect(await remove(processWith())).toEqual({ outcome: 'removed', events: 49 });
      expect(await expired(), `died at step ${at}, removed again`).toEqual(ALL_GONE);
      expect(await leftOver()).toBe(0);
    }
  });

  it('leaves the archive to answer, or is finished by the next, where that keeps the unit', async () => {
    const keptIn = 'archive';
    steps.length = 0;
    await answerFromArchive();
    await remove(processWith({ step: (name) => void steps.push(name) }), { keptIn });
    expect([await expired('archived'), await stateInArchive()]).toEqual([ALL_GONE, 'evicted']);
    for (let at = 1; at <= steps.length; at += 1) {
      [catalogue, tier] = [new MemoryCatalogue(), new FakeRetainingTier()];
      await answerFromArchive();
      tier.add(1, 30, { source: 'a', minute: EARLY });
      tier.add(2, 12, { source: 'b', minute: EARLY });
      tier.add(3, 7, { source: 'a', minute: LATE });
      await remove(processWith({ step: dying(at) }), { keptIn }).catch(() => {});
      await processWith().settleLeft();
      const isGone = tier.total === 0;
      expect(await stateInArchive(), `died at step ${at}`).toBe(isGone ? 'evicted' : 'answering');
      expect(await expired('archived'), `died at step ${at}`).toEqual(isGone ? ALL_GONE : {});
    }
  });

  it('twice is finished by the third', async () => {
    for (let at = 1; at <= 12; at += 1) {
      [catalogue, tier] = [new MemoryCatalogue(), new FakeRetainingTier()];
      tier.add(3, 49, { source: 'a', minute: EARLY });
      const counted = await tier.countUnit(PART);
      if (counted) unit = counted;
      await remove(processWith({ step: dying(14) })).catch(() => {});
      await processWith({ step: dying(at) }).settleLeft();
      await processWith().settleLeft();
      expect(await expired(), `died at step ${at}`).toEqual({ 'acme/29919480/web/a': 49, 'acme/web': 49 });
    }
  });
});
