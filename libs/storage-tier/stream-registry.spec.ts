import { expect, it } from 'vitest';
import { MemoryCatalogue } from '#catalogue/testing';
import { makeEventType } from '#plugin-kit/testing';
import { EventTypeRegistry, StreamRegistry } from '#storage-tier';

it('lists the streams beside one whose type is missing, which says so itself', async () => {
  const catalogue = new MemoryCatalogue();
  const types = new EventTypeRegistry(catalogue, new Map([['log', makeEventType({ name: 'log' })]]));
  const streams = new StreamRegistry(catalogue, types);
  await streams.create({ tenant: 'acme', name: 'web', eventType: 'log' });
  const lost = { tenant: 'rival', name: 'web', event_type: 'gone', keep_raw: 'always' };
  await catalogue.write([{ collection: 'streams', id: 'rival/web', value: lost }]);
  expect((await streams.list()).map(({ tenant }) => tenant)).toEqual(['acme']);
  expect(await streams.list('rival')).toEqual([]);
  expect((await streams.records('rival')).map(({ name }) => name)).toEqual(['web']);
  expect([...(await streams.tenants())]).toEqual(['acme', 'rival']);
  await expect(streams.find('rival', 'web')).rejects.toMatchObject({
    code: 'event_type_missing',
    message: expect.stringContaining('restore its plugin'),
  });
});
