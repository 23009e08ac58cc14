import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeGuideTier } from '../support/guide-tier.js';
import { createSeededRandom } from '../support/seeded-random.js';
import { MoveRig, type Json } from './move-rig.js';

/** `npm run year` goes through all of a year. */
const DAYS = Number(process.env['ALLUVIUM_YEAR_DAYS'] ?? 8);
const STREAMS = ['web', 'shop', 'mail', 'edge', 'stock'];
const PER_DAY = 20;
/** Requests may name so many days that each is stored by itself. */
const DAYS_AT_ONCE = 50;
const KILLS = Number(process.env['ALLUVIUM_YEAR_KILLS'] ?? 1);
const SEED = Number(process.env['ALLUVIUM_YEAR_SEED'] ?? 1);
const ALL = STREAMS.length * DAYS * PER_DAY;
const DAY_MS = 86_400_000;
const FIRST = Date.UTC(2025, 0, 1);
const days = Array.from({ length: DAYS }, (_, n) => new Date(FIRST + n * DAY_MS).toISOString().slice(0, 10));
const random = createSeededRandom(SEED);

let rig: MoveRig;
let plugins: string;
beforeEach(async () => {
  plugins = await mkdtemp(join(tmpdir(), 'alluvium-tiers-'));
  await makeGuideTier(plugins);
});
afterEach(async () => {
  await rig.dispose();
  await rm(plugins, { recursive: true, force: true });
});

async function send(ofDays: readonly string[], events: number): Promise<void> {
  for (const stream of STREAMS)
    for (let at = 0; at < ofDays.length; at += DAYS_AT_ONCE) {
      const some = ofDays.slice(at, at + DAYS_AT_ONCE);
      const made = some.flatMap((day) =>
        Array.from({ length: events }, (_, n) => ({ timestamp: `${day}T08:00:00Z`, service: 'shop', n })),
      );
      const sent = await rig.call('POST', `streams/${stream}/events`, made);
      expect(sent).toMatchObject({ stored: made.length });
    }
}

/** Applies what is due while the process is killed at times drawn at random. */
async function apply(step: string, policies?: object): Promise<Json> {
  const began = performance.now();
  const plan = await rig.call('POST', 'retention/plan', policies ? { policies } : {});
  const planned = performance.now();
  await rig.call('POST', 'retention/apply', { plan: plan['id'] });
  for (let kill = 0; kill < KILLS; kill += 1) {
    await setTimeout(500 + random.below(3_000));
    await rig.appliance.kill();
    await rig.appliance.restart();
  }
  const run = await rig.untilDone(plan['id']);
  const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
  const units = (run['units'] as Json[]).length;
  console.log(
    `${step}: planned in ${seconds(planned - began)}, ${units} steps and ${KILLS} kills in ${seconds(performance.now() - planned)}; ${rig.totals.answers} counts so far`,
  );
  return run;
}

/** What every count saw since the reader began. */
async function seen(): Promise<readonly unknown[]> {
  await rig.totals.stop();
  const all = [...rig.totals.seen];
  expect(all.length).toBeGreaterThan(0);
  return all;
}

/** What may be counted while units go one after the other. */
function sumsOf(units: readonly Json[], before: number): ReadonlySet<number> {
  const sums = new Set([before]);
  let left = before;
  for (const { outcome, events } of units) if (outcome === 'removed') sums.add((left -= Number(events)));
  return sums;
}

/** The archive, and the tier of the guide for authors. */
const TIERS = [
  ['archive', 'archives'],
  ['gzip-files', 'outside-tiers/gzip-files'],
] as const;

it.each(TIERS)(
  'a year in small: streams move into %s, leave search and expire, whenever the server is killed, and no count has a gap or a double',
  async (name, folder) => {
    rig = await MoveRig.start({ name, folder, env: { ALLUVIUM_PLUGINS_DIR: plugins } });
    await seen();
    for (const stream of STREAMS) await rig.call('POST', 'streams', { name: stream });
    await send(days, PER_DAY);
    const units = STREAMS.length * DAYS;

    rig.totals = rig.count();
    const moved = await apply('copied and moved', { tenant: { keep: `search 7d -> ${name} forever` } });
    expect(moved).toMatchObject({ copied: { units }, moved: { units, events: ALL }, removed: { units: 0 } });
    await rig.passGrace();
    expect(await apply('left search')).toMatchObject({ removed: { units, events: ALL } });
    expect(await seen()).toEqual([ALL]);

    const late = days.filter((_day, n) => n % 7 === 0);
    const [lateUnits, total] = [STREAMS.length * late.length, ALL + STREAMS.length * late.length];
    await send(late, 1);
    rig.totals = rig.count();
    expect(await apply('late ones moved')).toMatchObject({ moved: { units: lateUnits } });
    await rig.passGrace();
    expect(await apply('late ones left search')).toMatchObject({ removed: { units: lateUnits } });
    expect(await seen()).toEqual([total]);
    expect(await rig.states()).toEqual(STREAMS.map(() => `search 0, archive ${DAYS + late.length}`));

    // Half of the days come to their end.
    const half = days[Math.floor(DAYS / 2)] ?? '';
    const age = Math.floor((Date.now() - Date.parse(half)) / DAY_MS) - 1;
    rig.totals = rig.count();
    const expired = await apply('expired', {
      tenant: { keep: `search 7d -> ${name} ${age - 7}d -> delete` },
    });
    const sums = sumsOf(expired['units'] as Json[], total);
    const counts = await seen();
    expect(counts.filter((count) => !sums.has(Number(count)))).toEqual([]);
    const left = await rig.call('POST', 'logs', {
      ...{ start_time: '2025-01-01T00:00:00Z', end_time: '2026-01-01T00:00:00Z', limit: 1 },
    });
    const gone = (expired['removed'] as Json)['units'] as number;
    expect(gone).toBeGreaterThanOrEqual(STREAMS.length * Math.floor(DAYS / 2));
    expect(left['total']).toBe(Math.min(...sums));

    await rig.call('DELETE', 'archives/trash');
    const wanted = 2 * (units + lateUnits - gone);
    await expect.poll(() => rig.objects(), { timeout: 60_000 }).toBe(wanted);
    expect(await rig.call('GET', 'retention/status')).toMatchObject({ lost_units: [], damaged_archives: [] });
    expect(await rig.call('GET', 'audit/verify')).toMatchObject({ whole: true });
    const { rows } = (await rig.call('GET', 'ledger')) as { rows?: readonly Json[] };
    expect((rows ?? []).filter(({ residue }) => residue !== 0)).toEqual([]);
  },
  3_600_000,
);
