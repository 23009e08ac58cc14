import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeBlock } from '#event-bus/testing';
import type { Block } from '#event-model';
import { versionsOf } from '../outside/outside-versions.js';
import { OutsideScene } from '../outside/testing/outside-scene.js';
import type { BEHAVIOURS } from '../outside/testing/plugin-folder.js';
import { TRUST_FILE } from '../outside/trust-list.js';
import { ParserVersions } from '../versions/parser-versions.js';
import { MAX_SHADOWS, NO_PLACE, Shadows } from './shadows.js';

const NAME = 'parser-good';

let scene: OutsideScene;
let shadows: Shadows;
beforeEach(async () => {
  scene = await OutsideScene.make();
  const versions = new ParserVersions();
  versions.add(versionsOf(scene.plugins));
  shadows = new Shadows(versions);
});
afterEach(async () => {
  shadows.close();
  await scene.dispose();
});

/** A sound version that is held, and another one beside it. */
async function standing(behaviour: keyof typeof BEHAVIOURS): Promise<{ tenant: string; version: string }> {
  await scene.load('good', 'sound');
  const [active] = (await scene.plugins.versions(NAME)) ?? [];
  await scene.plugins.activate(NAME, active?.id ?? '', true);
  await scene.load('good', behaviour);
  const [newest] = (await scene.plugins.versions(NAME)) ?? [];
  expect(newest?.isActive).toBe(false);
  return { tenant: blockOf('x').header.tenant, version: newest?.id ?? '' };
}

function blockOf(...lines: readonly string[]): Block {
  return makeBlock(lines, { format: 'lines', parser: 'good' });
}

/** Offers blocks until the shadow did what is waited for. @returns the longest that an offer took, milliseconds */
async function offerUntil(done: () => boolean): Promise<number> {
  let longest = 0;
  const parsed = { ...blockOf('x'), body: Buffer.from('{"message":"v1 loop","parser":"good"}\n') };
  await expect
    .poll(
      () => {
        const began = performance.now();
        shadows.offer(blockOf('loop'), parsed, async (block) => block);
        longest = Math.max(longest, performance.now() - began);
        return done();
      },
      { timeout: 50_000, interval: 50 },
    )
    .toBe(true);
  return longest;
}

describe('a shadow of an outside parser', () => {
  it('says what the version would change, and ends its process when it is stopped', async () => {
    const { tenant, version } = await standing('changed');
    const started = await shadows.start({ tenant, parser: 'good', version, perMille: 1_000 });
    expect(started.problems).toBeUndefined();
    await offerUntil(() => (shadows.list(tenant, 'good')[0]?.counts.changed ?? 0) > 0);
    const [state] = shadows.list(tenant, 'good');
    expect(state?.differences[0]?.changes).toEqual([{ field: 'message', from: 'v1 loop', to: 'v2 loop' }]);
    expect(shadows.list('other', 'good')).toEqual([]);
    expect(shadows.stop(state?.id ?? '')).toMatchObject({ stoppedBecause: 'it was stopped' });
    expect([shadows.stop(state?.id ?? ''), shadows.list(tenant, 'good')]).toEqual([undefined, []]);
  });

  it.each(['throws', 'loops', 'buffers', 'exits'] as const)(
    'that %s harms only itself, and nobody waits for it',
    async (behaviour) => {
      const { tenant, version } = await standing(behaviour);
      await shadows.start({ tenant, parser: 'good', version, perMille: 1_000 });
      const failed = (): number => shadows.list(tenant, 'good')[0]?.counts.failed ?? 0;
      const longest = await offerUntil(() => failed() > 0);
      expect(longest).toBeLessThan(100);
      expect(shadows.list(tenant, 'good')[0]?.counts.equal).toBe(0);
      const [verdict] = await scene.parse('good', 'x');
      expect(verdict?.parsed).toMatchObject({ kind: 'event', event: { message: 'v1 x' } });
      expect([scene.ends, scene.failures]).toEqual([[], []]);
    },
  );

  it('ends when its version may not run any more', async () => {
    const { tenant, version } = await standing('changed');
    await shadows.start({ tenant, parser: 'good', version, perMille: 1_000 });
    await shadows.review();
    expect(shadows.list(tenant, 'good')[0]?.stoppedBecause).toBeUndefined();
    const [, held] = (await scene.plugins.versions(NAME)) ?? [];
    await writeFile(join(scene.folder.path, TRUST_FILE), JSON.stringify({ [NAME]: held?.id }));
    await shadows.review();
    expect(shadows.list(tenant, 'good')[0]?.stoppedBecause).toMatch(/not trusted any more/);
  });

  it('is ended where everything was closed while it started', async () => {
    const { tenant, version } = await standing('changed');
    const starting = shadows.start({ tenant, parser: 'good', version, perMille: 1 });
    shadows.close();
    const started = await starting;
    expect(started.problems ?? started.value).toMatchObject({ stoppedBecause: 'it was stopped' });
    expect(shadows.list(tenant, 'good')).toEqual([]);
  });

  it('is not started where its version can’t run, nor beside too many', async () => {
    const { tenant, version } = await standing('changed');
    const order = { tenant, parser: 'good', perMille: 1 };
    expect((await shadows.start({ ...order, version: '0'.repeat(64) })).problems).toHaveLength(1);
    expect((await shadows.start({ ...order, parser: 'none', version })).problems?.[0]?.what).toMatch(
      /no versions/,
    );
    const tenants = [...Array<string>(MAX_SHADOWS - 1).fill(tenant), 'other'];
    for (const one of tenants)
      expect((await shadows.start({ ...order, version, tenant: one })).problems).toBeUndefined();
    expect((await shadows.start({ ...order, version, tenant: 'third' })).problems).toEqual([NO_PLACE]);
  });

  it('of one tenant takes no other tenant’s place, though all are asked for at once', async () => {
    const { tenant, version } = await standing('changed');
    const order = { parser: 'good', perMille: 1, version };
    const asked = [...Array<string>(MAX_SHADOWS).fill(tenant), 'other'];
    const started = await Promise.all(asked.map((one) => shadows.start({ ...order, tenant: one })));
    const none = Array<undefined>(MAX_SHADOWS - 1).fill(undefined);
    expect(started.map(({ problems }) => problems)).toEqual([...none, [NO_PLACE], undefined]);
  });
});
