import { afterEach, beforeEach, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/test-api.js';

let api: TestApi;
beforeEach(async () => {
  api = await startTestApi();
});
afterEach(() => api.stop());

const read = (authorization: string, query = '') =>
  api.inject({ url: `/api/v1/ledger${query}`, headers: { authorization } });

it("is the caller's tenant's, for the minutes that are asked for", async () => {
  const key = api.access.add('auditor', undefined, { tenant: 'acme' });
  const answer = await read(key, '?start_time=2026-01-01T00:00:59Z&end_time=2026-01-01T00:05:00Z');
  expect(answer.json()).toEqual({ rows: [], residue: 0 });
  expect(api.ledgerReads).toEqual([{ tenant: 'acme', from: 1_767_225_600_000, to: 1_767_225_900_000 }]);
  expect((await read(key, '?start_time=soon')).json()).toMatchObject({
    status: 400,
    code: 'invalid_request',
  });
});

it('of a key that is held to some streams shows and sums up only those', async () => {
  const row = { source: 's', minute: 0, received: 1, stored: 0, quarantined: 0, deduplicated: 0 };
  const line = { ...row, dropped: 0, pending: 0, residue: 1 };
  api.ledgerLines.push({ ...line, stream: 'web' } as never, { ...line, stream: 'db' } as never);
  api.ledgerLines.push({ ...line, stream: 'db', from: 0, minute: 60_000, residue: 0 } as never);
  expect((await read(api.access.add('all'))).json().residue).toBe(2);
  const held = await read(api.access.add('held', undefined, { streams: new Set(['db']) }));
  expect(held.json()).toMatchObject({
    rows: [
      { stream: 'db', residue: 1 },
      { stream: 'db', since: '1970-01-01T00:00:00.000000000Z', minute: '1970-01-01T00:01:00.000000000Z' },
    ],
    by_minute_since: '1970-01-01T00:02:00.000000000Z',
    residue: 1,
  });
});
