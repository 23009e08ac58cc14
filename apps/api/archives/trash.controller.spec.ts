import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ArchivedUnits, TRASH_JOB } from '#archived-units';
import { evictDays } from '#archived-units/testing';
import { JOB_QUEUE, type InspectableJobQueue } from '#job-queue';
import { startTestApi, type TestApi } from '../testing/test-api.js';

const WEB = { tenant: 'acme', stream: 'web' };
const AT = '2026-11-20T02:00:00.000Z';
const SECOND = { stream: 'web', start_time: '2025-11-02T00:00:00Z', end_time: '2025-11-03T00:00:00Z' };

let api: TestApi;
let archived: ArchivedUnits;
let admin: string;
beforeEach(async () => {
  api = await startTestApi();
  archived = api.app.get(ArchivedUnits);
  admin = api.access.add('admin', undefined, { tenant: 'acme' });
  await ask('POST', 'streams', { name: 'web' });
  await evictDays(archived, WEB, [20251101, 20251102]);
  for (const day of [20251101, 20251102])
    await archived.trash(WEB, { day, generation: 0 }, { at: AT, order: 'plan-1' });
});
afterEach(() => api.stop());

async function ask(method: 'GET' | 'POST' | 'DELETE', path: string, payload?: object, key = admin) {
  const headers = { authorization: key };
  const answer = await api.inject({ method, url: `/api/v1/${path}`, headers, ...(payload && { payload }) });
  const json = answer.json<Record<string, unknown>>();
  return { ...json, status: answer.statusCode } as Record<string, unknown>;
}
const days = async (): Promise<readonly unknown[]> =>
  (await archived.now(WEB)).units.map(({ day, state }) => `${day} ${state}`);

describe('what policies deleted out of the archive', () => {
  it('is listed with its plan, and until when it can be brought back', async () => {
    expect(await ask('GET', 'archives/trash')).toEqual({
      ...{ status: 200, units: 2, events: 4, bytes: 18, oldest_day: '2025-11-01', newest_day: '2025-11-02' },
      days: [
        {
          ...{ stream: 'web', day: '2025-11-01', generation: 0, events: 2, bytes: 9, plan: 'plan-1' },
          ...{ deleted_at: AT, gone_at: '2026-11-21T02:00:00.000Z' },
        },
        expect.objectContaining({ day: '2025-11-02' }),
      ],
      locked: [],
    });
  });

  it('is listed apart where its store keeps it, with why, and can not be brought back', async () => {
    await archived.purge(WEB, ({ day }) => day === 20251102);
    expect(await ask('GET', 'archives/trash')).toMatchObject({ units: 1, locked: [] });
    await archived.lock(WEB, () => 'it is locked until 2030');
    expect(await ask('GET', 'archives/trash')).toMatchObject({
      units: 1,
      locked: [
        { stream: 'web', day: '2025-11-02', events: 2, plan: 'plan-1', why: 'it is locked until 2030' },
      ],
    });
    expect(await ask('POST', 'archives/undelete', SECOND)).toMatchObject({ code: 'nothing_to_undelete' });
  });

  it('is brought back by its time, once', async () => {
    expect(await ask('POST', 'archives/undelete', SECOND)).toEqual({
      ...{ status: 200, stream: 'web', units: 1, events: 2, bytes: 9 },
      ...{ oldest_day: '2025-11-02', newest_day: '2025-11-02' },
    });
    expect(await days()).toEqual(['20251102 evicted']);
    expect(await ask('POST', 'archives/undelete', SECOND)).toMatchObject({
      ...{ status: 404, code: 'nothing_to_undelete' },
    });
    expect(await ask('GET', 'archives/trash')).toMatchObject({ units: 1 });
  });

  it('is deleted for good by a job of the tenant, and is not listed from its beginning on', async () => {
    expect(await ask('DELETE', 'archives/trash')).toEqual({
      ...{ status: 202, units: 2, events: 4, bytes: 18, job: 'of-acme' },
    });
    const queue = api.app.get<InspectableJobQueue>(JOB_QUEUE);
    expect((await queue.find(TRASH_JOB, 'of-acme'))?.payload).toEqual({ now: true, tenant: 'acme' });
    await archived.purge(WEB, () => true);
    expect(await ask('GET', 'archives/trash')).toMatchObject({ units: 0, days: [] });
    expect(await ask('POST', 'archives/undelete', SECOND)).toMatchObject({ code: 'nothing_to_undelete' });
  });

  it('is named to who holds it', async () => {
    const hold = await ask('POST', 'holds', { reason: 'case 7', start_time: SECOND.start_time });
    expect(hold['in_trash']).toEqual([{ stream: 'web', day: '2025-11-02', plan: 'plan-1' }]);
  });

  it("is no other tenant's business, nor that of keys that are held to some streams or only read", async () => {
    const other = api.access.add('other', undefined, { tenant: 'globex' });
    expect(await ask('GET', 'archives/trash', undefined, other)).toMatchObject({ units: 0, days: [] });
    expect(await ask('POST', 'archives/undelete', SECOND, other)).toMatchObject({ code: 'stream_unknown' });
    const held = api.access.add('held', undefined, { tenant: 'acme', streams: new Set(['web']) });
    const reads = api.access.add('reads', ['retention:read'], { tenant: 'acme' });
    for (const key of [held, reads])
      for (const [method, path, body] of [
        ['POST', 'archives/undelete', SECOND],
        ['DELETE', 'archives/trash', undefined],
      ] as const)
        expect(await ask(method, path, body, key)).toMatchObject({ status: 403, code: 'forbidden' });
    expect((await archived.now(WEB)).trash).toHaveLength(2);
  });

  it.each([
    [{}, 'stream'],
    [{ ...SECOND, stream: '../web' }, 'stream'],
    [{ ...SECOND, start_time: 'soon' }, 'start_time'],
    [{ ...SECOND, end_time: SECOND.start_time }, 'end_time'],
    [{ ...SECOND, tenant: 'globex' }, ''],
  ])('is not brought back by %o', async (body, path) => {
    const answer = await ask('POST', 'archives/undelete', body);
    const [first] = answer['errors'] as readonly { readonly path: string }[];
    expect([answer.status, first?.path]).toEqual([400, path]);
    expect(await days()).toEqual([]);
  });
});
