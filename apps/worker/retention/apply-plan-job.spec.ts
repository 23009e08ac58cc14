import * as fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { JobState, RunningJob } from '#job-queue';
import type { StreamPart } from '#plugin-kit';
import type { NamedPolicy, RetentionPlan } from '#retention';
import { BY_KEY, policy, RetentionScene } from '#retention/testing';
import type { UnitArchiving } from '../archive/unit-archiver.js';
import type { UnitMoving } from '../archive/unit-mover.js';
import { ApplyPlanJob } from './apply-plan-job.js';
import { PlanSteps } from './plan-steps.js';
import type { Removal, RemovalTask } from './unit-remover.js';

const DAYS = [20261110, 20261111, 20261112, 20261113];

let scene: RetentionScene;
let state: JobState;
/** Called before each removal; a test does what comes between. */
let between: (task: RemovalTask) => Promise<void> | void;
let aborting: AbortController;
/** What copies into the archive come to, by day. */
let archivings: Map<number, UnitArchiving>;
/** What moves come to, and why hot copies must stay, by day. */
let movings: Map<number, UnitMoving>;
let staying: Map<number, string>;
let discarded: string[];

beforeEach(async () => {
  scene = new RetentionScene('web', 'shop');
  await scene.settle();
  [state, between, aborting] = ['running', () => {}, new AbortController()];
  [archivings, movings, staying, discarded] = [new Map(), new Map(), new Map(), []];
});

/** Does what the real one promises; that has tests of its own. */
async function remove(task: RemovalTask): Promise<Removal> {
  const { stream, unit, mayGo } = task;
  await between(task);
  const part = { stream, day: unit.day, generation: unit.generation };
  const now = await scene.tier.countUnit(part, unit.through);
  if (now?.identities !== unit.identities) return { outcome: 'kept', why: 'changed', detail: 'Others.' };
  if (!(await mayGo())) return { outcome: 'kept', why: 'held', detail: 'A hold keeps it.' };
  await scene.tier.removeUnit(part, unit.through);
  if (task.keptIn) await scene.archived.evict(WEB, unit, new Date(scene.wall).toISOString());
  return { outcome: 'removed', events: unit.events };
}

async function apply(plan: RetentionPlan): Promise<void> {
  await scene.plans.keep(plan);
  await scene.starter.start({ plan, by: BY_KEY });
  await runJob(plan);
}

async function runJob({ id }: RetentionPlan): Promise<void> {
  const steps = new PlanSteps({
    ...{ holds: scene.holds, clock: scene.clock, streams: scene.streams, archived: scene.archived },
    ...{ remover: { remove }, reach: () => {} },
    archiver: { copy: async (part) => archivings.get(part.day) ?? copied(part) },
    mover: {
      move: async ({ part, mayGo }) => {
        if (!(await mayGo())) return { outcome: 'not_moved', why: 'held', detail: 'A hold keeps it.' };
        return movings.get(part.day) ?? answered(part);
      },
      keptBy: async ({ day }) => staying.get(day),
    },
    copies: {
      discard: async ({ name }, { day }) => void discarded.push(`${name} ${day}`),
      sweep: async ({ stream }) => void discarded.push(`swept ${stream}`),
    },
  });
  const job = new ApplyPlanJob({
    ...{ plans: scene.plans, runs: scene.runs, steps, finisher: scene.finisher },
    queue: { process: () => {}, find: async () => ({ state }) as never },
  });
  const running: RunningJob = {
    ...{ kind: 'retention.apply', id, payload: { tenant: 'acme', plan: id }, attempt: 1 },
    ...{ signal: aborting.signal, progress: async () => {} },
  };
  await job.run(running);
}

const WEB = { tenant: 'acme', stream: 'web' };

async function copied(part: StreamPart): Promise<UnitArchiving> {
  const { day, generation } = part;
  const copy = {
    ...{ day, generation, events: (await scene.tier.countUnit(part))?.events ?? 0, oldest: '1', newest: '2' },
    ...{ sources: [], through: 'ff', files: [], copied_at: new Date(scene.wall).toISOString() },
    manifest: { key: `${day}`, sha256: 'aa' },
  };
  await scene.archived.commit(WEB, copy, { columns: [], sorted_by: [] });
  return { outcome: 'copied' };
}

async function answered({ day, generation }: StreamPart): Promise<UnitMoving> {
  const at = new Date(scene.wall).toISOString();
  await scene.archived.answer(WEB, { day, generation, manifest: `${day}` }, at);
  return { outcome: 'moved' };
}

const plan = () => scene.planner.plan({ tenant: 'acme', by: BY_KEY });
const fates = async ({ id }: RetentionPlan): Promise<readonly string[]> =>
  (await scene.runs.outcomes('acme', id)).map(
    ({ stream, day, outcome, reason }) => `${stream} ${day} ${reason ?? outcome}`,
  );

describe('a plan that is applied', () => {
  beforeEach(async () => {
    for (const day of DAYS) scene.tier.add('web', day, 10);
    await scene.follow(policy('stream:web', 'search 9d -> delete'));
  });

  it('removes what it counted, leaves what came later, and reads back', async () => {
    const made = await plan();
    scene.tier.add('web', DAYS[0] ?? 0, 3);
    await apply(made);
    expect(await fates(made)).toEqual([
      'web 20261110 removed',
      'web 20261111 removed',
      'web 20261112 removed',
    ]);
    expect([scene.tier.count('web'), scene.tier.count('web', DAYS[0])]).toEqual([13, 3]);
    const run = await scene.runs.find('acme', made.id);
    expect(run).toMatchObject({
      ...{ state: 'done', planned: { units: 3, events: 30 }, removed: { units: 3, events: 30 } },
      ...{ kept: { units: 0 }, read_back: { gone: 2, with_later_events: 1, wrong: 0 } },
    });
    const [entry] = (await scene.audit.list({}, { limit: 9 })).entries;
    expect(entry).toMatchObject({
      ...{ action: 'retention.run', object: made.id, tenant: 'acme', outcome: 'done' },
      actor: { kind: 'key', id: 'k', name: 'ops' },
    });
  });

  it('keeps what a hold keeps that came meanwhile, what is others by now, and what has no stream', async () => {
    scene.tier.add('shop', DAYS[0] ?? 0, 5);
    await scene.follow(policy('tenant', 'search 9d -> delete'));
    const made = await plan();
    scene.specs.splice(1);
    between = async ({ unit }) => {
      if (unit.day === DAYS[1]) await scene.hold({ start_time: '2026-11-11T12:00:00Z' });
    };
    scene.tier.blocks = scene.tier.blocks.filter(({ day, stream }) => day !== DAYS[0] || stream !== 'web');
    await apply(made);
    expect(await fates(made)).toEqual([
      'shop 20261110 stream_gone',
      'web 20261110 changed',
      'web 20261111 held',
      'web 20261112 held',
    ]);
    expect(scene.tier.count('web')).toBe(30);
  });

  it('keeps the rest where the clock is set in its middle', async () => {
    const made = await plan();
    between = ({ unit }) => void (unit.day === DAYS[1] && (scene.wall += 86_400_000));
    await apply(made);
    expect(await fates(made)).toEqual(['web 20261110 removed', 'web 20261111 clock', 'web 20261112 clock']);
  });

  it('goes on behind what is done where it was broken off, and ends with that where it was cancelled', async () => {
    const made = await plan();
    between = ({ unit }) => {
      if (unit.day !== DAYS[1]) return;
      throw new Error('the tier is out');
    };
    await expect(apply(made)).rejects.toThrow('the tier is out');
    expect((await scene.runs.find('acme', made.id))?.state).toBe('running');
    between = ({ unit }) => {
      if (unit.day !== DAYS[1]) return;
      state = 'cancelled';
      aborting.abort();
    };
    await expect(runJob(made)).rejects.toThrow();
    expect(await fates(made)).toEqual(['web 20261110 removed', 'web 20261111 removed']);
    expect(await scene.runs.find('acme', made.id)).toMatchObject({
      ...{ state: 'cancelled', removed: { units: 2, events: 20 }, planned: { units: 3 } },
    });
    await runJob(made);
    expect(scene.tier.count('web')).toBe(20);
  });

  it('goes on after its process was stopped', async () => {
    const made = await plan();
    between = ({ unit }) => void (unit.day === DAYS[1] && aborting.abort());
    await expect(apply(made)).rejects.toThrow();
    expect((await scene.runs.find('acme', made.id))?.state).toBe('running');
    [between, aborting] = [() => {}, new AbortController()];
    await runJob(made);
    expect(await scene.runs.find('acme', made.id)).toMatchObject({ state: 'done', removed: { units: 3 } });
  });

  it('gives up the copies of what it removed, and copies what is to be copied, the oldest first', async () => {
    await scene.follow(policy('stream:web', 'search 10d -> archive from 8d 2d -> delete'));
    const made = await plan();
    expect(made.copying?.map(({ day }) => day)).toEqual([20261112, 20261113]);
    archivings.set(20261113, { outcome: 'not_copied', why: 'damaged', detail: 'Other bytes.' });
    await apply(made);
    expect((await fates(made)).slice(2)).toEqual(['web 20261112 copied', 'web 20261113 damaged']);
    expect(discarded).toEqual(['web 20261110', 'web 20261111']);
    expect(await scene.runs.find('acme', made.id)).toMatchObject({
      ...{ state: 'done', removed: { units: 2 }, kept: { units: 0 } },
      ...{ copied: { units: 1, events: 10 }, not_copied: { units: 1 } },
    });
  });

  it('copies and moves what its policy keeps only in the archive, evicts it a grace later, and deletes it at its end', async () => {
    await scene.follow(policy('stream:web', 'search 9d -> archive 2d -> delete'));
    const states = async (): Promise<readonly string[]> =>
      (await scene.archived.now(WEB)).units.map(({ day, state }) => `${day} ${state}`);
    const first = await plan();
    expect(first.leaving.map(({ day }) => day)).toEqual([20261110]);
    await apply(first);
    expect(await fates(first)).toEqual([
      'web 20261110 removed',
      ...['web 20261111 copied', 'web 20261112 copied'],
      ...['web 20261111 moved', 'web 20261112 moved'],
    ]);
    expect(await states()).toEqual(['20261111 answering', '20261112 answering']);
    expect([scene.tier.count('web'), (await plan()).leaving]).toEqual([30, []]);

    scene.pass(DAY_MS);
    const second = await plan();
    expect(second.leaving.map(({ day, kept_in: where }) => [day, where])).toEqual([
      [20261111, 'archive'],
      [20261112, 'archive'],
    ]);
    staying.set(20261112, 'It is damaged.');
    await apply(second);
    expect((await fates(second)).slice(0, 2)).toEqual(['web 20261111 removed', 'web 20261112 damaged']);
    expect(await scene.runs.find('acme', second.id)).toMatchObject({
      ...{ removed: { units: 1 }, kept: { units: 1 }, moved: { units: 1 }, read_back: { gone: 1, wrong: 0 } },
    });
    expect(await states()).toEqual(['20261111 evicted', '20261112 answering', '20261113 answering']);

    const hold = await scene.hold({ end_time: '2026-11-12T00:00:00Z' });
    const held = await plan();
    expect(held.expiring).toEqual([]);
    expect(held.held.map(({ tier, day, held_by: by }) => [tier, day, by])).toEqual([
      ['archive', 20261111, [hold]],
    ]);
    await scene.holds.release('acme', hold, { at: new Date(scene.wall).toISOString(), by: BY_KEY });
    const third = await plan();
    expect(third.expiring?.map(({ tier, day }) => `${tier} ${day}`)).toEqual(['archive 20261111']);
    await apply(third);
    expect(await fates(third)).toContain('web 20261111 removed');
    expect((await states())[0]).toBe('20261112 answering');
    expect(await scene.archived.now(WEB)).toMatchObject({ expired: { units: 1, events: 10 } });
  });

  it('moves nothing that a hold keeps, and deletes nothing of the archive that one keeps which came since', async () => {
    await scene.follow(policy('stream:web', 'search 9d -> archive 1y -> delete'));
    const made = await plan();
    await scene.hold({ start_time: '2026-11-12T00:00:00Z' });
    movings.set(20261111, { outcome: 'not_moved', why: 'changed', detail: 'Others.' });
    await apply(made);
    expect((await fates(made)).slice(3)).toEqual([
      'web 20261110 moved',
      'web 20261111 changed',
      'web 20261112 held',
    ]);
    expect(await scene.runs.find('acme', made.id)).toMatchObject({
      ...{ moved: { units: 1, events: 10 }, not_moved: { units: 2, events: 20 } },
    });
  });

  it('has as many units as there are, in several documents', async () => {
    for (let day = 1; day <= 28; day += 1)
      for (let month = 1; month <= 9; month += 1) scene.tier.add('web', 20260000 + month * 100 + day, 1);
    const made = await plan();
    await apply(made);
    expect((await scene.runs.outcomes('acme', made.id)).length).toBe(made.leaving.length);
    expect(scene.tier.count('web')).toBe(10);
  });
});

const DAY_MS = 86_400_000;
const dayOf = (ago: number): number =>
  Number(
    new Date(Date.parse('2026-11-22T03:00:00Z') - ago * DAY_MS)
      .toISOString()
      .slice(0, 10)
      .replaceAll('-', ''),
  );
const STREAMS = ['web', 'shop'];
const world = fc.record({
  blocks: fc.array(fc.tuple(fc.constantFrom(...STREAMS), fc.nat(20), fc.integer({ min: 1, max: 9 })), {
    maxLength: 30,
  }),
  late: fc.array(fc.tuple(fc.constantFrom(...STREAMS), fc.nat(20), fc.integer({ min: 1, max: 9 })), {
    maxLength: 9,
  }),
  days: fc.dictionary(
    fc.constantFrom('tenant', 'stream:web', 'stream:shop', 'event-type:log'),
    fc.integer({ min: 1, max: 25 }),
  ),
  holds: fc.array(fc.tuple(fc.option(fc.constantFrom(...STREAMS)), fc.nat(20), fc.nat(5)), { maxLength: 3 }),
  lateHolds: fc.array(fc.tuple(fc.option(fc.constantFrom(...STREAMS)), fc.nat(20), fc.nat(5)), {
    maxLength: 2,
  }),
});

it('what the plan said is what happened, and all else stayed: policies, holds and late events at random', async () => {
  await fc.assert(
    fc.asyncProperty(world, async ({ blocks, late, days, holds, lateHolds }) => {
      scene = new RetentionScene(...STREAMS);
      await scene.settle();
      for (const [stream, ago, events] of blocks) scene.tier.add(stream, dayOf(ago), events);
      const policies = Object.entries(days).map(([name, many]): NamedPolicy =>
        policy(name, `search ${many}d -> delete`),
      );
      await scene.follow(...policies);
      const isHeld = (all: typeof holds, stream: string, ago: number): boolean =>
        all.some(
          ([name, from, length]) => (name ?? stream) === stream && ago <= from && ago >= from - length,
        );
      const place = async ([stream, from, length]: (typeof holds)[number]): Promise<void> => {
        const at = (ago: number): string =>
          new Date(Math.floor(scene.wall / DAY_MS) * DAY_MS - ago * DAY_MS).toISOString();
        await scene.hold({
          ...(stream !== null && { stream }),
          start_time: at(from),
          end_time: at(from - length - 1),
        });
      };
      for (const one of holds) await place(one);
      const made = await plan();
      for (const [stream, ago, events] of late) scene.tier.add(stream, dayOf(ago), events);
      for (const one of lateHolds) await place(one);
      await apply(made);
      for (const stream of STREAMS)
        for (let ago = 0; ago <= 20; ago += 1) {
          const of = (list: typeof blocks): number =>
            list.reduce(
              (sum, [name, day, events]) => (name === stream && day === ago ? sum + events : sum),
              0,
            );
          const many = days[`stream:${stream}`] ?? days['event-type:log'] ?? days['tenant'];
          const leaves = many !== undefined && ago - 1 >= many;
          const planned = made.leaving.find((unit) => unit.stream === stream && unit.day === dayOf(ago));
          const expected = leaves && !isHeld(holds, stream, ago) ? of(blocks) : 0;
          expect(planned?.events ?? 0).toBe(expected);
          const gone = isHeld(lateHolds, stream, ago) ? 0 : expected;
          expect(scene.tier.count(stream, dayOf(ago))).toBe(of(blocks) + of(late) - gone);
        }
    }),
    { numRuns: 100 },
  );
});
