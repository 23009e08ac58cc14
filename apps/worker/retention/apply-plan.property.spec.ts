import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { NamedPolicy } from '#retention';
import { policy } from '#retention/testing';
import { PlanScene } from '../testing/plan-scene.js';

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
      const scene = new PlanScene(...STREAMS);
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
      const made = await scene.plan();
      for (const [stream, ago, events] of late) scene.tier.add(stream, dayOf(ago), events);
      for (const one of lateHolds) await place(one);
      await scene.apply(made);
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
