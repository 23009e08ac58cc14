import { afterEach, beforeEach, expect, it } from 'vitest';
import { createSeededRandom } from '../support/seeded-random.js';
import { MoveRig, type Json } from './move-rig.js';

/** `npm run plans` makes a hundred changes. */
const ROUNDS = Number(process.env['ALLUVIUM_PLAN_ROUNDS'] ?? 3);
const SEED = Number(process.env['ALLUVIUM_PLAN_SEED'] ?? 1);
const STREAMS = ['web', 'shop'] as const;
const MOST = 9;
const DAY_MS = 86_400_000;
const FIRST = Math.floor(Date.now() / DAY_MS) * DAY_MS - 30 * DAY_MS;
const DAYS = Array.from({ length: 8 }, (_, n) => new Date(FIRST + n * 3 * DAY_MS).toISOString().slice(0, 10));
const random = createSeededRandom(SEED);

let rig: MoveRig;
/** Events that there should be of each day of a stream. */
let kept: Map<string, number>;
beforeEach(async () => {
  rig = await MoveRig.start({ name: 'archive', folder: 'archives' });
  await rig.totals.stop();
  kept = new Map();
  for (const name of STREAMS) await rig.call('POST', 'streams', { name });
});
afterEach(() => rig.dispose());

const unitOf = (stream: string, day: string): string => `${stream} ${day}`;
const chance = (percent: number): boolean => random.below(100) < percent;
const dayStart = (at: number): string => new Date(FIRST + at * 3 * DAY_MS).toISOString();

/** Sends events of some days; what was added, by unit. */
async function send(): Promise<void> {
  for (const stream of STREAMS) {
    const days = DAYS.filter(() => chance(50));
    const made = days.flatMap((day) => {
      const events = 1 + random.below(MOST);
      kept.set(unitOf(stream, day), (kept.get(unitOf(stream, day)) ?? 0) + events);
      return Array.from({ length: events }, (_, n) => ({ timestamp: `${day}T08:00:00Z`, n }));
    });
    if (made.length > 0)
      expect(await rig.call('POST', `streams/${stream}/events`, made)).toMatchObject({ stored: made.length });
  }
}

/** Holds some days of a stream or of all, perhaps; which units it keeps. */
async function hold(): Promise<readonly string[]> {
  if (!chance(60)) return [];
  const from = random.below(DAYS.length);
  const to = from + 1 + random.below(3);
  const stream = chance(50) ? random.pick(STREAMS) : undefined;
  const span = { start_time: dayStart(from), end_time: dayStart(to) };
  await rig.call('POST', 'holds', { reason: 'drawn', ...(stream && { stream }), ...span });
  return STREAMS.filter((one) => stream === undefined || one === stream).flatMap((one) =>
    DAYS.slice(from, to).map((day) => unitOf(one, day)),
  );
}

async function releaseAll(): Promise<void> {
  const { holds } = (await rig.call('GET', 'holds')) as { holds: readonly Json[] };
  for (const { id } of holds) await rig.call('DELETE', `holds/${String(id)}`);
}

async function counts(): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  for (const stream of STREAMS)
    for (const day of DAYS) {
      const span = { start_time: `${day}T00:00:00Z`, end_time: `${day}T23:59:59Z` };
      const { total } = await rig.call('POST', 'logs', { stream, ...span, limit: 1 });
      if (Number(total) !== 0) found.set(unitOf(stream, day), Number(total));
    }
  return found;
}

it('what a plan said is what happened, row for row, and all else stayed: policies, holds and late events at random', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    await send();
    const held = await hold();
    const name = random.pick(['tenant', 'stream:web', 'stream:shop', 'event-type:log']);
    const policies = { [name]: { keep: `search ${5 + random.below(25)}d -> delete` } };
    const plan = await rig.call('POST', 'retention/plan', { policies });
    const leaving = new Map(
      (plan['leaving'] as Json[]).map(({ stream, day, events }) => [
        unitOf(String(stream), String(day)),
        Number(events),
      ]),
    );
    const label = { seed: SEED, round };
    for (const [unit, events] of leaving)
      expect({ ...label, unit, events }).toEqual({ ...label, unit, events: kept.get(unit) });
    expect({ ...label, held: held.filter((unit) => leaving.has(unit)) }).toEqual({ ...label, held: [] });

    await send();
    const heldLate = new Set(await hold());
    await rig.call('POST', 'retention/apply', { plan: plan['id'] });
    const run = await rig.untilDone(plan['id']);
    let removed = 0;
    for (const [unit, events] of leaving) {
      if (heldLate.has(unit)) continue;
      removed += events;
      const left = (kept.get(unit) ?? 0) - events;
      if (left > 0) kept.set(unit, left);
      else kept.delete(unit);
    }
    expect({ ...label, run }).toMatchObject({
      run: { removed: { events: removed }, read_back: { wrong: 0 } },
    });
    expect({ ...label, units: new Map([...(await counts())].toSorted()) }).toEqual({
      ...{ ...label, units: new Map([...kept].toSorted()) },
    });
    await releaseAll();
  }
  expect(await rig.call('GET', 'audit/verify')).toMatchObject({ whole: true });
}, 1_800_000);
