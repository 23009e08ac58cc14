import { beforeEach, expect, it } from 'vitest';
import { parseTime } from '#event-model';
import { Scene } from '../testing/scene.js';

const NOW = Date.parse('2026-11-22T18:00:00Z');
const { signal } = new AbortController();
let scene: Scene;
beforeEach(async () => {
  scene = new Scene();
  for (const tenant of ['acme', 'other'])
    await scene.streams.findOrCreate({ tenant, name: 'web', eventType: 'log' });
});

const refuse = (tenant: string, time: string): void =>
  void scene.tier.refused.push({ tenant, at: parseTime(time) ?? 0n });
const moves = async () => (await scene.queue.list()).map(({ id, payload }) => [id, payload]);

it('has refused events taken out once their day is thirty days old, and keeps a record of it', async () => {
  refuse('acme', '2026-10-22T23:59:59.999999999Z');
  refuse('other', '2026-10-23T00:00:00Z');
  await scene.quarantine.run(signal, NOW);
  const [id, filter] = ['expire-acme-2026-10-23', { end_time: '2026-10-23T00:00:00.000000000Z' }];
  expect(await moves()).toEqual([[id, { tenant: 'acme', kind: 'expire', filter }]]);
  expect(await scene.actions.list('acme', 9)).toMatchObject([
    { id, kind: 'expire', filter, asked_at: '2026-11-22T18:00:00.000000000Z', dropped: 0 },
  ]);
  expect(await scene.actions.list('other', 9)).toEqual([]);
});

it('asks for a day once, whatever is there still at the next turn', async () => {
  refuse('acme', '2026-10-01T00:00:00Z');
  await scene.quarantine.run(signal, NOW);
  const asked = await scene.actions.list('acme', 9);
  await scene.quarantine.run(signal, NOW + 3_600_000);
  expect(await scene.actions.list('acme', 9)).toEqual(asked);
  expect(await moves()).toHaveLength(1);
});

it('ends between two tenants when it is told to', async () => {
  refuse('acme', '2026-10-01T00:00:00Z');
  await scene.quarantine.run(AbortSignal.abort(), NOW);
  expect(await moves()).toEqual([]);
});
