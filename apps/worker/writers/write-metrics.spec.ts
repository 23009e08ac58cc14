import { expect, it } from 'vitest';
import { Registry } from 'prom-client';
import { WriteMetrics } from './write-metrics.js';

it('times each try by tier, with bounds at 200 and 500 ms, and counts those that fail', async () => {
  const registry = new Registry();
  const { timed } = new WriteMetrics(registry);
  expect(await timed('clickhouse', async () => 7)).toBe(7);
  const failing = timed('clickhouse', () => Promise.reject(new Error('out')));
  await expect(failing).rejects.toThrow('out');
  const text = await registry.metrics();
  expect(text).toContain('alluvium_tier_write_seconds_bucket{le="0.2",tier="clickhouse"} 2');
  expect(text).toContain('alluvium_tier_write_seconds_bucket{le="0.5",tier="clickhouse"} 2');
  expect(text).toContain('alluvium_tier_write_failures_total{tier="clickhouse"} 1');
});
