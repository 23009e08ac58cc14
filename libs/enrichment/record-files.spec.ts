import { expect, it, vi } from 'vitest';
import { AuditRecord } from '#audit';
import { MemoryCatalogue } from '#catalogue/testing';
import { Enrichments } from './enrichments.js';
import { recordFiles } from './record-files.js';
import { fakeEnricher, FakeFiles } from './testing/fake-enricher.js';

it('a file that is replaced while it is in use is recorded once, by its hash, and the first one is no change', async () => {
  const catalogue = new MemoryCatalogue();
  const audit = new AuditRecord({ catalogue });
  const files = new FakeFiles();
  const world = { failure: undefined, opened: 0, closed: 0, asked: 0 };
  const failures: unknown[] = [];
  const logger = { error: (...all: unknown[]) => void failures.push(all) };
  const enrichments = new Enrichments({
    ...{ catalogue, files, now: () => 0, troubled: () => {} },
    enrichers: new Map([['fake', fakeEnricher(world) as never]]),
    opened: recordFiles(audit, logger),
  });
  const listed = async () => (await audit.list({}, { limit: 10 })).entries;
  files.write('hosts', 'web=1');
  const rule = { name: 'r', kind: 'fake', options: { file: 'hosts' }, streams: [], field: 'host' };
  const kept = { ...rule, changed_at: '', changed_by: { key_id: '', key_name: '' } };
  const put = await enrichments.put('acme', kept as never);
  expect(put).toHaveProperty('stored');
  const { stored } = put as Extract<typeof put, { readonly stored: unknown }>;
  await enrichments.reload('acme', stored);
  expect(await listed()).toEqual([]);
  files.write('hosts', 'web=2');
  for (let i = 0; i < 2; i += 1) await enrichments.reload('acme', stored);
  await vi.waitFor(async () => expect(await listed()).toHaveLength(1));
  expect(await listed()).toMatchObject([
    {
      ...{ action: 'enrichment.data', actor: { kind: 'file' }, object: 'acme/hosts' },
      changes: [{ field: 'sha256', before: expect.any(String), after: expect.any(String) }],
    },
  ]);
  enrichments.close();
  expect(failures).toEqual([]);
});
