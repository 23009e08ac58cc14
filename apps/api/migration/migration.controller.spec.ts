import { afterEach, beforeEach, expect, it } from 'vitest';
import { Migrations, type MigrationRecord } from '#migration';
import { startTestApi, type TestApi } from '../testing/test-api.js';

const BEGUN: MigrationRecord = {
  ...{ phase: 'catalogue', origin: 'secret-of-the-old-one', began_at: '2026-11-20T08:00:00.000Z' },
  ...{ units: 3, events: 30, refused: 4 },
};
const UNIT = { generation: 0, events: 10, oldest: '1767225600000000001', newest: '1767225600000000009' };

let api: TestApi;
beforeEach(async () => {
  api = await startTestApi();
});
afterEach(() => api.stop());

const read = async (scopes: 'system' | 'logs:read' = 'system') =>
  api.inject({
    url: '/api/v1/migration',
    headers: { authorization: api.access.add(scopes, [scopes]) },
  });
const keep = (record: Partial<MigrationRecord>) =>
  new Migrations(api.catalogue).keep({ ...BEGUN, ...record });
const keepAwaited = (...awaited: readonly object[]) =>
  api.catalogue.write([
    {
      ...{ collection: 'archived-units', id: 'acme/web' },
      value: { schemas: [], units: [], discarded: [], ...(awaited.length > 0 && { awaited }) },
    },
  ]);

it('of an appliance that nothing was moved into says so', async () => {
  expect((await read()).json()).toEqual({
    ...{ state: 'none', days: { total: 0, arrived: 0 }, events: { total: 0, arrived: 0 } },
    ...{ refused_events: 0, awaited: [] },
  });
});

it('tells what has arrived, and which time of which stream is on its way', async () => {
  await keepAwaited(
    { day: 20_260_101, ...UNIT },
    { day: 20_260_102, ...UNIT, newest: '1767312000000000000' },
  );
  await keep({ phase: 'history', switched_at: '2026-11-20T08:00:02.000Z' });
  const answer = await read();
  expect(answer.json()).toEqual({
    ...{ state: 'history', began_at: BEGUN.began_at, switched_at: '2026-11-20T08:00:02.000Z' },
    ...{ days: { total: 3, arrived: 1 }, events: { total: 30, arrived: 10 }, refused_events: 4 },
    awaited: [
      {
        ...{ tenant: 'acme', stream: 'web', days: 2, events: 20 },
        ...{ oldest: '2026-01-01T00:00:00.000000001Z', newest: '2026-01-02T00:00:00.000000000Z' },
      },
    ],
  });
  expect(answer.body).not.toContain('secret');
  await keep({ phase: 'backed_out', ended_at: '2026-11-20T08:00:30.000Z' });
  expect((await read()).json()).toMatchObject({ state: 'backed_out', days: { total: 3, arrived: 1 } });
  await keepAwaited();
  await keep({ phase: 'moved', moved_at: '2026-11-20T08:01:00.000Z' });
  expect((await read()).json()).toMatchObject({
    ...{ state: 'moved', days: { total: 3, arrived: 3 }, events: { arrived: 30 }, awaited: [] },
    moved_at: '2026-11-20T08:01:00.000Z',
  });
});

it('is for those who run the appliance: it tells of all tenants', async () => {
  expect((await read('logs:read')).statusCode).toBe(403);
});
