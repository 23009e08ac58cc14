import { describe, expect, it } from 'vitest';
import { readMetric } from './metrics-text.js';

const text = `# HELP alluvium_engine_merges Merges that run now.
# TYPE alluvium_engine_merges gauge
alluvium_engine_merges 3
alluvium_engine_merges_total 99
alluvium_tier_disk_bytes{tier="clickhouse"} 1.5e+06
alluvium_tier_disk_bytes{tier="other"} 10
`;

describe('metrics text', () => {
  it('reads a metric by its whole name', () => {
    expect(readMetric(text, 'alluvium_engine_merges')).toBe(3);
    expect(readMetric(text, 'alluvium_engine')).toBeUndefined();
  });

  it('adds up label sets', () => {
    expect(readMetric(text, 'alluvium_tier_disk_bytes')).toBe(1_500_010);
  });
});
