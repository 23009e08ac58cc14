import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { addAuditMetrics } from './audit-metrics.js';
import { idOf } from './audit-documents.js';
import { auditScene } from './testing/scene.js';

it('say whether the record is whole once that is known, and nothing before', async () => {
  const scene = auditScene();
  await scene.fill(3);
  const metrics = new Registry();
  addAuditMetrics(metrics, scene.record);
  const values = async (): Promise<string[]> =>
    (await metrics.metrics()).split('\n').filter((line) => /^alluvium_audit_(?:entries|whole)/.test(line));
  expect(await values()).toEqual(['alluvium_audit_entries 3']);
  await scene.record.verifier.verify();
  expect(await values()).toEqual(['alluvium_audit_entries 3', 'alluvium_audit_whole 1']);
  const entry = scene.texts().get(idOf(2));
  scene.texts().set(idOf(2), { version: 1, text: String(entry?.text).replace('"', "'") });
  await scene.record.verifier.verify();
  expect(await values()).toEqual(['alluvium_audit_entries 3', 'alluvium_audit_whole 0']);
});
