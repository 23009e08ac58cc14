import { describe, expect, it } from 'vitest';
import { MemoryCatalogue } from '#catalogue/testing';
import type { HostedEnricherPlugin } from '#plugin-host';
import { makeEventType } from '#plugin-kit/testing';
import { Enrichments } from './enrichments.js';
import { fakeEnricher, FakeFiles, newWorld } from './testing/fake-enricher.js';

const TYPE = makeEventType();
const RULE = {
  ...{ name: 'r', kind: 'pairs', options: { file: 'a' }, streams: [], field: 'ip' },
  ...{ changed_at: '', changed_by: { key_id: 'k', key_name: 'k' } },
};

async function scene() {
  const files = new FakeFiles();
  files.write('a', 'x=one');
  const first = newWorld();
  const enrichers = new Map<string, HostedEnricherPlugin>([['pairs', fakeEnricher(first)]]);
  const enrichments = new Enrichments({
    ...{ catalogue: new MemoryCatalogue(), files, enrichers, now: () => 0, troubled: () => {} },
  });
  await enrichments.put('acme', RULE);
  const enrich = async (): Promise<string> => {
    const enricher = await enrichments.enricher({ tenant: 'acme', name: 'web' });
    return Buffer.from((await enricher?.body(Buffer.from('{"ip":"x"}\n'), TYPE)) ?? []).toString();
  };
  const status = () => enrichments.status('acme', { ...RULE, version: 1 });
  return { files, first, enrichers, enrichments, enrich, status };
}

describe('an enrichment whose plugin', () => {
  it('is replaced goes on with the new version, and closes the old one', async () => {
    const { first, enrichers, enrichments, enrich } = await scene();
    const second = newWorld();
    enrichers.set('pairs', fakeEnricher(second));
    await enrichments.review();
    expect(await enrich()).toBe('{"ip":"x","other":"one"}\n');
    expect([first.asked, second.asked, first.closed, second.opened]).toEqual([0, 1, 1, 1]);
    await enrichments.review();
    expect(second.opened).toBe(1);
    enrichments.close();
  });

  it('is replaced by one that can not open the data stays with the old one, and says so (F17)', async () => {
    const { first, files, enrichers, enrichments, enrich, status } = await scene();
    files.write('a', 'no pairs');
    enrichers.set('pairs', fakeEnricher(newWorld()));
    await enrichments.review();
    expect(await enrich()).toBe('{"ip":"x","other":"one"}\n');
    expect(status()).toMatchObject({
      ...{ state: 'ready', trouble: { mistakes: [{ what: 'It has no pairs.' }] } },
    });
    expect(first.closed).toBe(0);
    enrichments.close();
  });

  it('goes lets events on without, and takes it up again when it comes back', async () => {
    const { first, enrichers, enrichments, enrich, status } = await scene();
    const plugin = enrichers.get('pairs');
    enrichers.delete('pairs');
    await enrichments.review();
    expect(await enrich()).toBe('{"ip":"x"}\n');
    expect(status()).toMatchObject({
      ...{ state: 'failed', trouble: { mistakes: [{ what: 'No plugin brings the kind pairs.' }] } },
      counts: { failed: 1 },
    });
    expect(first.closed).toBe(1);
    if (plugin) enrichers.set('pairs', plugin);
    await enrichments.review();
    expect(await enrich()).toBe('{"ip":"x","other":"one"}\n');
    enrichments.close();
  });
});
