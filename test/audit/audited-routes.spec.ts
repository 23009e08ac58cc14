import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AUDIT_ACTION_NAMES } from '#audit';
import { RouteTable } from '../../apps/api/guarding/route-table.js';
import { startAuditedApi } from './audited-api.js';
import { CALLS, type Method } from './audited-calls.js';

/** Actions of what is not changed through the API. */
const WITHOUT_ROUTE = [
  'retention.run',
  'archive.merge',
  'documents.mend',
  'settings.start',
  'enrichment.data',
  'plugin.trust',
  'plugin.change',
  'request.refuse',
  'audit.prune',
  'audit.head-lost',
];

let api: Awaited<ReturnType<typeof startAuditedApi>>;
let key: string;
beforeAll(async () => {
  api = await startAuditedApi();
  key = api.access.add('ops', undefined, { tenant: 'acme' });
});
afterAll(() => api.stop());

const call = (method: Method, path: string, payload?: object) =>
  api.inject({
    ...{ method, url: `/api/v1/${path}`, headers: { authorization: key, 'x-request-id': `r-${path}` } },
    ...{ remoteAddress: '192.0.2.7', ...(payload && { payload }) },
  });

async function makePlan(): Promise<string> {
  return (await call('POST', 'retention/plan', {})).json<{ readonly id: string }>().id;
}

describe('a call that changes something is recorded once, before it is answered, by its author:', () => {
  /** What was made by the call before: ids that nobody can know. */
  let made = '';
  it.each(CALLS)('%s %s', async (method, path, payload, { action, object, tenant = null, fields }) => {
    const plan = path === 'retention/apply' ? await makePlan() : 'PLAN';
    const before = (await api.newest()).length;
    const body = payload && (JSON.parse(JSON.stringify(payload).replace('PLAN', plan)) as object);
    const answer = await call(method, path.replace('ID', made), body);
    expect([answer.statusCode, answer.body]).toEqual([
      expect.toSatisfy((status) => status < 300),
      expect.anything(),
    ]);
    const said = answer.json<{ readonly id?: string; readonly job?: string }>();
    made = said.job ?? said.id ?? made;
    const [entry, ...others] = await api.newest();
    expect(others).toHaveLength(before);
    expect(entry).toMatchObject({
      ...{
        action,
        object: object?.replace('ID', made).replace('PLAN', plan) ?? null,
        tenant,
        outcome: 'done',
      },
      actor: { kind: 'key', id: 'ops', name: 'ops' },
      ...{ address: '192.0.2.7' },
    });
    expect(entry?.request_id).toMatch(/\w/);
    expect(entry?.changes.map(({ field }) => field)).toEqual(expect.arrayContaining([...fields]));
    if (fields.length === 0) expect(entry?.changes).toEqual([]);
    expect(JSON.stringify(entry)).not.toMatch(/canary|_secret/);
  });
});

describe('the record', () => {
  it('knows every route that changes something', () => {
    const called = CALLS.map(([method, , , { action }]) => `${method} ${action}`);
    const routes = api.app
      .get(RouteTable)
      .routes.filter(({ rules }) => rules?.changes !== undefined && rules.changes !== 'nothing')
      .map(({ method, rules }) => `${method} ${rules?.changes}`);
    expect(called.toSorted()).toEqual(routes.toSorted());
    const actions = CALLS.map(([, , , { action }]) => action);
    expect([...actions, ...WITHOUT_ROUTE].toSorted()).toEqual([...AUDIT_ACTION_NAMES].toSorted());
  });

  const send = (stream: string) =>
    api.inject({
      ...{ method: 'POST', url: `/api/v1/streams/${stream}/events`, payload: '{}' },
      headers: { authorization: key, 'content-type': 'application/json' },
    });

  it('leaves out what changes nothing', async () => {
    const before = (await api.newest()).length;
    await call('POST', 'rules/dry-run', { lines: ['x'] });
    await call('POST', 'logs', {});
    expect((await send('web')).statusCode).toBe(202);
    expect(await api.newest()).toHaveLength(before);
  });

  it('has a stream that is made by sending to it once, however many send at once', async () => {
    const before = (await api.newest()).length;
    const answers = await Promise.all(['late', 'late', 'late'].map(send));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([202, 202, 202]);
    const [entry, ...others] = await api.newest();
    expect(others).toHaveLength(before);
    expect(entry).toMatchObject({
      ...{ action: 'stream.create', object: 'late', tenant: 'acme', actor: { id: 'ops' } },
      changes: [{ field: 'event_type', after: 'log' }],
    });
  });

  it('says of a change that failed what was asked for', async () => {
    const { write } = api.settingsStore;
    api.settingsStore.write = () => Promise.reject(new Error('broken'));
    expect((await call('PATCH', 'settings', { flush_bytes: '9MiB' })).statusCode).toBe(500);
    api.settingsStore.write = write;
    expect((await api.newest())[0]).toMatchObject({
      ...{ action: 'settings.change', outcome: 'failed', error: 'internal_error' },
      changes: [{ field: 'flush_bytes', after: '9MiB' }],
    });
  });

  it('is whole after all that', async () => {
    expect((await api.audit.verifier.verify()).report).toMatchObject({ whole: true });
  });
});
