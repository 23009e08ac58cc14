import { beforeEach, describe, expect, it } from 'vitest';
import { parseTime } from '#event-model';
import type { Hold } from '#retention';
import { Scene } from '../testing/scene.js';

const { signal } = new AbortController();
let scene: Scene;
beforeEach(async () => {
  scene = new Scene();
  scene.clock.ms = Date.parse('2026-11-22T18:00:00Z');
  for (const tenant of ['acme', 'other'])
    await scene.streams.findOrCreate({ tenant, name: 'web', eventType: 'log' });
});

const refuse = (tenant: string, time: string, stream = 'web'): void =>
  void scene.tier.refused.push({ tenant, stream, at: parseTime(time) ?? 0n });
const jobs = async () => (await scene.queue.list()).map(({ id }) => id);

it('has refused events taken out once their day is thirty days old, and keeps a record of it', async () => {
  refuse('acme', '2026-10-22T23:59:59.999999999Z');
  refuse('other', '2026-10-23T00:00:00Z');
  await scene.quarantine.run(signal);
  const filter = { stream: 'web', end_time: '2026-10-23T00:00:00.000000000Z' };
  const id = 'expire-acme-web-2026-10-23';
  expect(await scene.queue.list()).toMatchObject([
    { id, kind: 'quarantine.move', payload: { tenant: 'acme', kind: 'expire', filter } },
  ]);
  expect(await scene.actions.list('acme', 9)).toMatchObject([
    { id, kind: 'expire', filter, asked_at: '2026-11-22T18:00:00.000000000Z', dropped: 0 },
  ]);
  expect(await scene.actions.list('other', 9)).toEqual([]);
});

it('asks for a day of a stream once, whatever is there still at the next turn', async () => {
  refuse('acme', '2026-10-01T00:00:00Z');
  refuse('acme', '2026-10-01T00:00:00Z', 'gone');
  await scene.quarantine.run(signal);
  const asked = await scene.actions.list('acme', 9);
  scene.clock.ms += 3_600_000;
  await scene.quarantine.run(signal);
  expect(await scene.actions.list('acme', 9)).toEqual(asked);
  expect(await jobs()).toEqual(['expire-acme-web-2026-10-23', 'expire-acme-gone-2026-10-23']);
});

describe('takes nothing out', () => {
  beforeEach(() => refuse('acme', '2026-10-01T00:00:00Z'));

  it('once it is told to stop', async () => {
    await scene.quarantine.run(AbortSignal.abort());
    expect(await jobs()).toEqual([]);
  });

  it.each(['settling', 'doubted'] as const)('while the clock is %s', async (state) => {
    scene.clockState = state;
    await scene.quarantine.run(signal);
    expect(await jobs()).toEqual([]);
  });

  const by = { key_id: 'k', key_name: 'ops' };
  const hold = { tenant: 'acme', reason: 'case 7', created_at: '2026-11-22T00:00:00Z', created_by: by };
  it.each([
    [{}, 0],
    [{ stream: 'web' }, 0],
    [{ stream: 'other' }, 1],
    [{ start_time: '2026-10-22T23:59:59Z' }, 0],
    [{ start_time: '2026-10-23T00:00:00Z' }, 1],
    [{ end_time: '1990-01-01T00:00:00Z' }, 0],
  ])('that a hold of %o may mean: %i jobs', async (part: Partial<Hold>, expected) => {
    const { id } = await scene.holds.create({ ...hold, ...part });
    await scene.quarantine.run(signal);
    expect(await jobs()).toHaveLength(expected);
    await scene.holds.release('acme', id, { at: '2026-11-22T19:00:00Z', by });
    await scene.quarantine.run(signal);
    expect(await jobs()).toHaveLength(1);
  });
});
