import { beforeEach, describe, expect, it } from 'vitest';
import { ArchivedUnits } from '#archived-units';
import { BY_KEY, RetentionScene } from '../testing/index.js';
import { LostUnits } from './lost-units.js';

const DAY = 20_261_101;
const NEXT = 20_261_102;

let scene: RetentionScene;
let lost: LostUnits;
let archived: ArchivedUnits;
beforeEach(() => {
  scene = new RetentionScene('web', 'mail');
  archived = new ArchivedUnits(scene.catalogue);
  lost = new LostUnits({ catalogue: scene.catalogue, runs: scene.runs, archived });
  scene.tier.add('web', DAY, 10);
  scene.tier.add('web', NEXT, 5);
  scene.tier.add('mail', DAY, 7);
});

async function look(): Promise<readonly unknown[]> {
  const { units, specs } = await scene.units.read('acme', scene.wall);
  const streams = specs.map(({ name }) => name);
  await lost.look('acme', scene.wall, { streams, units });
  scene.pass(60_000);
  const told = await lost.of('acme', streams);
  return told.map(({ stream, day, expected, found }) => [stream, day, expected, found]);
}
const drop = (stream: string, day: number): void => {
  scene.tier.blocks = scene.tier.blocks.filter((one) => one.stream !== stream || one.day !== day);
};

/** A run of a plan, as its job writes it; `removed` events of web's first day. */
async function run(id: string, removed: number, ended = true): Promise<void> {
  const at = new Date(scene.wall).toISOString();
  const planned = { units: 1, events: removed, bytes: 0 };
  const begun = { id, tenant: 'acme', by: BY_KEY, begun_at: at, planned } as const;
  await scene.runs.begin({ ...begun, state: 'running' });
  await scene.runs.keepNewest({ tenant: 'acme', id }, [
    {
      ...{ stream: 'web', tier: 'search', day: DAY, generation: 0, events: removed, bytes: 0 },
      ...{ why: 'age', policy: 'default', outcome: 'removed', at },
    },
  ]);
  if (ended) await scene.runs.end({ ...begun, state: 'done', ended_at: at });
}

describe('a day with fewer events than before', () => {
  it('is told by its name, however often it is looked at, until it is whole again', async () => {
    expect(await look()).toEqual([]);
    drop('web', DAY);
    expect(await look()).toEqual([['web', DAY, 10, 0]]);
    scene.tier.add('web', DAY, 4);
    expect(await look()).toEqual([['web', DAY, 10, 4]]);
    scene.tier.add('web', DAY, 6);
    expect(await look()).toEqual([]);
    scene.tier.add('web', DAY, 1);
    expect(await look()).toEqual([]);
  });

  it('is told since when, for thirty days', async () => {
    await look();
    drop('mail', DAY);
    const at = new Date(scene.wall).toISOString();
    await look();
    scene.pass(29 * 86_400_000);
    await look();
    expect(await lost.of('acme', ['mail'])).toMatchObject([{ since: at }]);
    scene.pass(86_400_000);
    expect(await look()).toEqual([]);
    expect(await look()).toEqual([]);
  });

  it('is none of those whose events a run removed, but what is missing beyond them is', async () => {
    await look();
    await run('one', 10);
    drop('web', DAY);
    expect(await look()).toEqual([]);
    scene.tier.add('web', DAY, 8);
    expect(await look()).toEqual([]);
    await run('two', 3);
    drop('web', DAY);
    scene.tier.add('web', DAY, 1);
    expect(await look()).toEqual([['web', DAY, 5, 1]]);
  });

  it('is not judged while a run is under way', async () => {
    await look();
    await run('one', 10, false);
    drop('web', DAY);
    drop('mail', DAY);
    expect(await look()).toEqual([]);
    const at = new Date(scene.wall).toISOString();
    const [begun] = await scene.runs.list('acme');
    if (begun) await scene.runs.end({ ...begun, state: 'done', ended_at: at });
    expect(await look()).toEqual([['mail', DAY, 7, 0]]);
  });

  it('is none whose archive answers for it; one that is only copied is', async () => {
    const place = { day: DAY, generation: 0 };
    const manifest = { key: 'm.json', sha256: 'aa' };
    const copy = {
      ...{ ...place, events: 10, oldest: '1', newest: '2', sources: [], through: 'ff', manifest },
      ...{ files: [], copied_at: '2026-11-05T02:00:00.000Z' },
    };
    for (const stream of ['web', 'mail'])
      await archived.commit({ tenant: 'acme', stream }, copy, { columns: [], sorted_by: [] });
    await look();
    await archived.answer({ tenant: 'acme', stream: 'web' }, { ...place, manifest: 'm.json' }, 'now');
    drop('web', DAY);
    drop('mail', DAY);
    expect(await look()).toEqual([['mail', DAY, 7, 0]]);
  });

  it('of a stream that is seen for the first time is as it is found', async () => {
    drop('web', DAY);
    expect(await look()).toEqual([]);
  });
});

it('what is as it was is not written again', async () => {
  await look();
  const version = async () => (await scene.catalogue.read('stored-units', 'acme/web'))?.version;
  const before = await version();
  await look();
  expect(await version()).toBe(before);
});
