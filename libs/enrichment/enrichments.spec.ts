import { describe, expect, it } from 'vitest';
import { Registry } from 'prom-client';
import { MemoryCatalogue } from '#catalogue/testing';
import type { EnricherContext } from '#plugin-kit';
import { makeEventType } from '#plugin-kit/testing';
import { addEnrichmentMetrics } from './enrichment-metrics.js';
import { EnrichmentSource } from './enrichment-source.js';
import { Enrichments } from './enrichments.js';
import { fakeEnricher, FakeFiles, newWorld } from './testing/fake-enricher.js';
import { LateCatalogue } from './testing/late-catalogue.js';

const TYPE = makeEventType();
const BY = { changed_at: '', changed_by: { key_id: 'k', key_name: 'k' } };
const rule = (name: string, some: object = {}) => ({
  ...{ name, kind: 'pairs', options: { file: 'a' }, streams: [], field: 'ip', ...BY },
  ...some,
});

function scene(catalogue = new MemoryCatalogue()) {
  const [world, files, clock] = [newWorld(), new FakeFiles(), { ms: 0 }];
  const troubles: unknown[] = [];
  const enrichments = new Enrichments({
    ...{ catalogue, files, now: () => clock.ms },
    enrichers: new Map([['pairs', fakeEnricher(world)]]),
    troubled: (_id, error) => void troubles.push(error),
  });
  const enrich = async (stream: string, tenant = 'acme'): Promise<string> => {
    const enricher = await enrichments.enricher({ tenant, name: stream });
    if (!enricher) return 'nothing';
    return Buffer.from(await enricher.body(Buffer.from('{"ip":"x"}\n'), TYPE)).toString();
  };
  const status = async (name: string) => {
    const found = (await enrichments.list('acme')).find((one) => one.name === name);
    return found && enrichments.status('acme', found);
  };
  return { catalogue, world, files, clock, troubles, enrichments, enrich, status };
}

describe('enrichments', () => {
  it('work at once, for the streams and the tenant that they are of', async () => {
    const { enrichments, files, enrich } = scene();
    files.write('a', 'x=one');
    expect(await enrich('web')).toBe('nothing');
    expect(await enrichments.put('acme', rule('r', { streams: ['web'] }))).toMatchObject({
      stored: { version: 1 },
    });
    expect(await enrich('web')).toBe('{"ip":"x","other":"one"}\n');
    expect([await enrich('mail'), await enrich('web', 'other')]).toEqual(['nothing', 'nothing']);
    await enrichments.remove('acme', 'r');
    expect(await enrich('web')).toBe('nothing');
    enrichments.close();
  });

  it('are not made where their data can not be opened', async () => {
    const { enrichments, enrich, world } = scene();
    expect(await enrichments.put('acme', rule('r'))).toEqual({
      mistakes: [{ option: 'file', what: 'There is no file.', mend: 'Add it.' }],
    });
    expect([await enrich('web'), world.opened]).toEqual(['nothing', 0]);
  });

  it('keep their data where rules that were read before they were made are tidied up behind that', async () => {
    const catalogue = new LateCatalogue();
    const { enrichments, files, enrich } = scene(catalogue);
    files.write('a', 'x=one');
    await enrichments.put('acme', rule('r', { options: { file: 'a', more: 1 } }));
    const goOn = catalogue.holdScan();
    await enrichments.remove('acme', 'r');
    await enrichments.put('acme', rule('s'));
    expect(await enrich('web')).toBe('{"ip":"x","other":"one"}\n');
    goOn();
    await new Promise(setImmediate);
    expect(await enrich('web')).toBe('{"ip":"x","other":"one"}\n');
    enrichments.close();
  });

  it('are made with data that was opened once, and share it', async () => {
    const { enrichments, files, enrich, world } = scene();
    files.write('a', 'x=one');
    await enrichments.put('acme', rule('r'));
    await enrichments.put('acme', rule('s', { prefix: 'p' }));
    expect(await enrich('web')).toBe('{"ip":"x","other":"one","p.other":"one"}\n');
    expect(world.opened - world.closed).toBe(1);
    await enrichments.remove('acme', 'r');
    await enrichments.remove('acme', 's');
    await enrichments.list('acme');
    await new Promise((resolve) => setImmediate(resolve));
    expect(world.opened - world.closed).toBe(0);
  });

  it('open their data after a restart before the first events go on', async () => {
    const { enrichments, files, catalogue } = scene();
    files.write('a', 'x=one');
    await enrichments.put('acme', rule('r'));
    enrichments.close();
    const again = scene(catalogue);
    again.files.write('a', 'x=two');
    expect(await again.enrich('web')).toBe('{"ip":"x","other":"two"}\n');
  });

  it('let events go on where the data is gone, and say so', async () => {
    const { enrichments, files, catalogue } = scene();
    files.write('a', 'x=one');
    await enrichments.put('acme', rule('r'));
    const again = scene(catalogue);
    expect(await again.enrich('web')).toBe('{"ip":"x"}\n');
    expect(await again.status('r')).toMatchObject({
      state: 'failed',
      trouble: { mistakes: [{ what: 'There is no file.' }] },
      counts: { looked_up: 1, failed: 1 },
    });
    again.files.write('a', 'x=back');
    again.clock.ms += 61_000;
    await again.enrichments.look();
    expect(await again.enrich('web')).toBe('{"ip":"x","other":"back"}\n');
    expect(await again.status('r')).toMatchObject({ state: 'ready', trouble: undefined });
  });

  it('take up a changed file when it has settled', async () => {
    const { enrichments, files, enrich, world } = scene();
    files.write('a', 'x=one');
    await enrichments.put('acme', rule('r'));
    await enrichments.look();
    files.write('a', 'x=half');
    await enrichments.look();
    files.write('a', 'x=two');
    await enrichments.look();
    expect(await enrich('web')).toBe('{"ip":"x","other":"one"}\n');
    await enrichments.look();
    expect(await enrich('web')).toBe('{"ip":"x","other":"two"}\n');
    await enrichments.look();
    expect([world.opened, world.closed]).toEqual([2, 1]);
  });

  it('open their data though the plugin failed when it gave back what it could not open', async () => {
    const { world, files } = scene();
    const plugin = fakeEnricher(world);
    const fails = (): void => {
      throw new Error('no');
    };
    const enricher = {
      ...plugin.enricher,
      create: (context: EnricherContext<unknown>) => ({ ...plugin.enricher.create(context), close: fails }),
    };
    const id = { tenant: 'acme', kind: 'pairs', options: { file: 'a' } };
    const parts = { plugin: { ...plugin, enricher }, files, now: () => 0, troubled: () => {} };
    const source = new EnrichmentSource(id, parts);
    await source.load();
    expect(source.trouble).toMatchObject({ mistakes: [{ what: 'There is no file.' }] });
    files.write('a', 'x=one');
    await source.load();
    expect([source.trouble, source.enricher]).toEqual([undefined, expect.anything()]);
  });

  it('keep their data where the new file is broken, and say so', async () => {
    const { enrichments, files, enrich, status, troubles } = scene();
    files.write('a', 'x=one');
    await enrichments.put('acme', rule('r'));
    files.write('a', 'broken');
    await enrichments.look();
    await enrichments.look();
    expect(await enrich('web')).toBe('{"ip":"x","other":"one"}\n');
    expect(await status('r')).toMatchObject({
      state: 'ready',
      trouble: { mistakes: [{ what: 'It has no pairs.' }] },
    });
    expect(troubles).toHaveLength(1);
    files.write('a', 'x=two');
    const [stored] = await enrichments.list('acme');
    if (stored) await enrichments.reload('acme', stored);
    expect(await enrich('web')).toBe('{"ip":"x","other":"two"}\n');
    expect(await status('r')).toMatchObject({ state: 'ready', trouble: undefined });
  });

  it('let events go on where the plugin fails', async () => {
    const { enrichments, files, enrich, world, status } = scene();
    files.write('a', 'x=one');
    await enrichments.put('acme', rule('r'));
    world.failure = new Error('no');
    expect(await enrich('web')).toBe('{"ip":"x"}\n');
    expect(await status('r')).toMatchObject({ state: 'ready', counts: { failed: 1, found: 0 } });
  });

  it('fail where no plugin brings their kind any more', async () => {
    const { enrichments } = scene();
    expect(await enrichments.put('acme', rule('r', { kind: 'gone' }))).toMatchObject({
      mistakes: [{ what: 'No plugin brings the kind gone.' }],
    });
  });

  it('are fifty at most', async () => {
    const { enrichments, files } = scene();
    files.write('a', 'x=one');
    for (let n = 0; n < 50; n += 1) await enrichments.put('acme', rule(`r${n}`));
    await expect(enrichments.put('acme', rule('more'))).rejects.toMatchObject({
      code: 'too_many_enrichments',
    });
    expect(await enrichments.put('acme', rule('r7'))).toMatchObject({ stored: { version: 2 } });
  });

  it('are fifty at most, also where many are made at once', async () => {
    const { enrichments, files } = scene();
    files.write('a', 'x=one');
    const puts = Array.from({ length: 60 }, (_, n) => enrichments.put('acme', rule(`r${n}`)));
    const refused = (await Promise.allSettled(puts)).filter(({ status }) => status === 'rejected');
    expect([refused.length, (await enrichments.list('acme')).length]).toEqual([10, 50]);
  });

  it('can be tried without counting', async () => {
    const { enrichments, files, world } = scene();
    files.write('a', 'x=one');
    const trial = await enrichments.trial('acme', [rule('r'), rule('s', { options: { file: 'b' } })]);
    expect(trial.mistakes).toMatchObject([[], [{ what: 'There is no file.' }]]);
    expect((await trial.enricher.lines([Buffer.from('{"ip":"x"}')], TYPE))[0]?.added).toBe(',"other":"one"');
    trial.close();
    expect([world.opened, world.closed > 0, enrichments.watched()]).toEqual([1, true, []]);
  });

  it('have metrics', async () => {
    const { enrichments, files, enrich } = scene();
    const registry = new Registry();
    addEnrichmentMetrics(registry, enrichments);
    files.write('a', 'y=one');
    await enrichments.put('acme', rule('r'));
    await enrich('web');
    const text = await registry.metrics();
    expect(text).toContain(
      'alluvium_enrichment_events_total{tenant="acme",enrichment="r",outcome="missed"} 1',
    );
    expect(text).toContain('alluvium_enrichment_up{tenant="acme",enrichment="r"} 1');
  });
});
