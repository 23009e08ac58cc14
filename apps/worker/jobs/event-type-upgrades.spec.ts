import { afterEach, expect, it } from 'vitest';
import { MemoryCatalogue } from '#catalogue/testing';
import type { StreamSpec } from '#plugin-kit';
import { makeEventType, makeField } from '#plugin-kit/testing';
import { EventTypeRegistry, StreamRegistry, TierRegistry } from '#storage-tier';
import { FakeTier } from '../testing/fake-tier.js';
import { EventTypeUpgrades } from './event-type-upgrades.js';

const BY = { key_id: '4f7a19c2', key_name: 'ops' };
const ORDER = makeEventType();
const WIDER = { ...ORDER, fields: [...ORDER.fields, makeField({ name: 'weight' })] };
const STREAMS = ['one', 'two'];

let upgrades: EventTypeUpgrades;
afterEach(() => upgrades.beforeApplicationShutdown());

async function scene() {
  const catalogue = new MemoryCatalogue();
  const types = new EventTypeRegistry(catalogue, new Map());
  await types.open(() => undefined);
  const streams = new StreamRegistry(catalogue, types);
  await types.declare('a', ORDER, BY);
  for (const name of STREAMS) await streams.create({ tenant: 'a', name, eventType: 'order' });
  const tier = new FakeTier();
  const steps: string[] = [];
  let failures = 0;
  const prepare = async ({ name, eventType }: StreamSpec) => {
    if ((failures -= 1) >= 0) throw new Error('the engine is down');
    steps.push(`${name} ${eventType.version}`);
  };
  const exclusively = async <T>({ name }: StreamSpec, work: () => Promise<T>): Promise<T> => {
    steps.push(`${name} rests`);
    return work().finally(() => steps.push(`${name} goes on`));
  };
  const logger = { info: () => undefined, warn: () => steps.push('again') };
  const writers = { exclusively } as never;
  upgrades = new EventTypeUpgrades(
    streams,
    new TierRegistry([Object.assign(tier, { prepare })]),
    writers,
    logger as never,
  );
  const done = async () => {
    while ((await streams.outdated()).length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  return { types, streams, steps, done, fail: (times: number) => (failures = times) };
}

it('brings streams to the new version of their type, one after the other, while their writers rest', async () => {
  const { types, streams, steps, done } = await scene();
  upgrades.onApplicationBootstrap();
  await types.change('a', WIDER, BY);
  await done();
  expect(steps).toEqual(STREAMS.flatMap((name) => [`${name} rests`, `${name} 2`, `${name} goes on`]));
  expect((await streams.find('a', 'one'))?.eventType.fields).toHaveLength(2);
});

it('finishes what an earlier process has left', async () => {
  const { types, steps, done } = await scene();
  await types.change('a', WIDER, BY);
  expect(steps).toEqual([]);
  upgrades.onApplicationBootstrap();
  await done();
  expect(steps.filter((step) => step.endsWith(' 2'))).toHaveLength(2);
});

it('tries again what failed, and leaves the stream as it was until then', async () => {
  const { types, streams, steps, done, fail } = await scene();
  fail(1);
  upgrades.onApplicationBootstrap();
  await types.change('a', WIDER, BY);
  while (!steps.includes('two goes on')) await new Promise((resolve) => setTimeout(resolve, 5));
  expect((await streams.find('a', 'one'))?.eventType.fields).toHaveLength(1);
  await done();
  expect(steps.filter((step) => step === 'again')).toHaveLength(1);
});
