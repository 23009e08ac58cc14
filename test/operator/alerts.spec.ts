import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { BackupWatch } from '#backup';
import { addAuditMetrics } from '#audit';
import { addWriteHistogram } from '#catalogue';
import { METRICS } from '#observability';
import { RetentionGauges } from '#retention';
import { startTestApi, type TestApi } from '../../apps/api/testing/test-api.js';
import { DamageGauge } from '../../apps/scheduler/jobs/damage-gauge.js';
import { ResidueGauge } from '../../apps/scheduler/jobs/residue-gauge.js';
import { addTierMetrics } from '../../apps/tier-metrics.js';
import { DocumentsMetrics } from '../../apps/worker/copies/documents-metrics.js';
import { CopyMetrics } from '../../apps/worker/archive/copy-metrics.js';
import { WriteMetrics } from '../../apps/worker/writers/write-metrics.js';

const root = join(import.meta.dirname, '../..');

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: Readonly<Record<string, string>>;
}

const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const file = parse(read('docker/prometheus/alerts.yml')) as { groups: { rules: Rule[] }[] };
const rules = file.groups.flatMap((group) => group.rules);

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

/** Names of everything that the parts of an appliance register. */
function registered(): ReadonlySet<string> {
  const others = new Registry();
  void new WriteMetrics(others);
  void new ResidueGauge(others, { measure: async () => 0 } as never);
  addTierMetrics([], others);
  addAuditMetrics(others, {} as never);
  addWriteHistogram(others);
  void new CopyMetrics(others);
  void new DocumentsMetrics(others, () => ({ due: 0 }));
  void new BackupWatch({ metrics: others, isSet: true } as never);
  void new DamageGauge(others);
  void new RetentionGauges({ metrics: others } as never);
  const all = [...api.app.get<Registry>(METRICS).getMetricsAsArray(), ...others.getMetricsAsArray()];
  return new Set(all.map(({ name }) => name));
}

it('alerts name metrics that there are', () => {
  const named = rules.flatMap(({ expr }) => expr.match(/alluvium_\w+/g) ?? []);
  const known = registered();
  expect(named.length).toBeGreaterThan(rules.length);
  expect(named.filter((name) => !known.has(name.replace(/_bucket$/, '')))).toEqual([]);
});

describe.each(rules)('$alert', ({ alert, annotations }) => {
  it('says what is wrong, what to do, and where more is written', () => {
    const { summary, description, guide } = annotations;
    expect([summary, description]).toEqual([expect.stringMatching(/\.$/), expect.stringMatching(/\.$/)]);
    const [path = '', anchor = ''] = String(guide).split('#');
    expect(existsSync(join(root, path))).toBe(true);
    expect(anchorsOf(read(path))).toContain(anchor);
    expect(read('docs/guide/operator.md')).toContain(`| \`${alert}\``);
  });
});

/** As links name a page's headings. */
function anchorsOf(page: string): readonly string[] {
  const titles = [...page.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) => title.toLowerCase());
  return titles.map((title) => title.replaceAll(/[^\w -]/g, '').replaceAll(' ', '-'));
}
