import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuditFacts } from '#audit';
import { startTestApi, type TestApi } from '../testing/test-api.js';
import { Refusals } from './refusals.js';

const FACTS: AuditFacts = {
  actor: { kind: 'key', id: 'abcd1234', name: 'ops' },
  ...{ tenant: 'acme', action: 'rule.put', object: 'health', outcome: 'done' },
  changes: [{ field: 'enabled', before: true, after: false }],
};

let api: TestApi;
let root: string;
let auditor: string;
beforeEach(async () => {
  api = await startTestApi();
  root = api.access.add('root', ['system']);
  auditor = api.access.add('auditor', ['audit:read'], { tenant: 'acme' });
  for (const tenant of ['acme', null, 'globex', 'acme'])
    await api.audit.append({ ...FACTS, tenant, object: `of ${tenant}` });
});
afterEach(() => api.stop());

const get = async (path: string, key = root) => {
  const answer = await api.inject({ url: `/api/v1/audit${path}`, headers: { authorization: key } });
  return {
    status: answer.statusCode,
    text: answer.body,
    body: path.startsWith('/export') ? {} : answer.json(),
  };
};
const objects = async (path: string, key?: string): Promise<readonly string[]> =>
  ((await get(path, key)).body.entries as { object: string }[]).map(({ object }) => object);

describe('the audit record', () => {
  it('is shown to a key of all tenants as a whole, to others as far as it is about their tenant', async () => {
    expect(await objects('')).toEqual(['of acme', 'of globex', 'of null', 'of acme']);
    expect(await objects('?tenant=globex')).toEqual(['of globex']);
    expect(await objects('', auditor)).toEqual(['of acme', 'of acme']);
    expect(await objects('?tenant=acme', auditor)).toEqual(['of acme', 'of acme']);
    expect((await get('?tenant=globex', auditor)).body).toMatchObject({ status: 403, code: 'forbidden' });
    expect((await get('', api.access.add('other', ['audit:read']))).body.entries).toEqual([]);
  });

  it('is paged by a cursor of the same list', async () => {
    const first = (await get('?limit=2')).body;
    expect(first.entries).toMatchObject([{ sequence: 4, previous: first.entries[1].hash }, { sequence: 3 }]);
    const cursor = first.next_cursor as string;
    expect((await get(`?limit=2&cursor=${cursor}`)).body).toMatchObject({
      entries: [{ sequence: 2 }, { sequence: 1 }],
      next_cursor: null,
    });
    for (const wrong of [`cursor=${cursor}&action=rule`, 'cursor=abc'])
      expect((await get(`?${wrong}`)).body).toMatchObject({ status: 400, code: 'cursor_invalid' });
    expect((await get(`?cursor=${cursor}`, auditor)).body).toMatchObject({ code: 'cursor_invalid' });
  });

  it.each(['action=rule.eat', 'tenant=A', 'limit=0', 'start_time=never', 'more=1', 'actor='])(
    'is not asked for with %s',
    async (query) => {
      for (const path of ['', '/export'])
        expect(
          (await api.inject({ url: `/api/v1/audit${path}?${query}`, headers: { authorization: root } }))
            .statusCode,
        ).toBe(400);
    },
  );

  it('is found by time, actor, action and object', async () => {
    expect(await objects('?start_time=now-1m&actor=ops&action=rule&object=of%20globex')).toEqual([
      'of globex',
    ]);
    expect(await objects('?end_time=now-1m')).toEqual([]);
    expect(await objects('?action=key')).toEqual([]);
  });

  it('is exported as lines, as far as its reader may see it', async () => {
    const lines = async (key: string) =>
      (await get('/export?action=rule.put', key)).text.trimEnd().split('\n');
    expect((await lines(root)).map((line) => JSON.parse(line).sequence)).toEqual([4, 3, 2, 1]);
    expect((await lines(auditor)).map((line) => JSON.parse(line).sequence)).toEqual([4, 1]);
    expect((await get('/export?tenant=globex', auditor)).status).toBe(403);
    const head = await api.inject({
      method: 'HEAD',
      url: '/api/v1/audit/export',
      headers: { authorization: root },
    });
    expect([head.statusCode, head.headers['content-type']]).toEqual([200, 'application/x-ndjson']);
  });
});

describe('the verification', () => {
  it('says that the chain is whole, where it ends, and whether a noted head is a part of it', async () => {
    const { body } = await get('/verify', auditor);
    expect(body).toMatchObject({ whole: true, entries: 4, oldest: 1, head: { sequence: 4 } });
    expect(body).not.toHaveProperty('anchor');
    const { hash } = body.head as { hash: string };
    const anchors = [`from=4&hash=${hash}`, `from=3&hash=${hash}`, `from=9&hash=${hash}`];
    const asked = await Promise.all(anchors.map((query) => get(`/verify?${query}`)));
    expect(asked.map((answer) => answer.body.anchor)).toEqual(['held', 'changed', 'missing']);
  });

  it('names the entry that was changed', async () => {
    const id = '000000000000003';
    const stored = await api.catalogue.read<object>('audit', id);
    await api.catalogue.write([
      { collection: 'audit', id, value: undefined },
      { collection: 'audit', id, value: { ...stored?.value, object: 'harmless' } },
    ]);
    expect((await get('/verify')).body).toMatchObject({
      whole: false,
      broken: { sequence: 3, problem: 'changed', detail: expect.any(String) },
    });
    const metrics = await api.inject({ url: '/metrics', headers: { authorization: root } });
    expect(metrics.statusCode).toBe(200);
  });

  it.each(['from=1', 'hash=00', `hash=${'0'.repeat(64)}`, `from=0&hash=${'0'.repeat(64)}`, 'from=1&hash=x'])(
    'is not asked for with %s',
    async (query) => {
      expect((await get(`/verify?${query}`)).body).toMatchObject({ status: 400, code: 'invalid_request' });
    },
  );
});

describe('requests that are refused', () => {
  const change = (headers: Record<string, string>, name = 'x') =>
    api.inject({
      method: 'POST',
      url: '/api/v1/tenants',
      headers,
      payload: { name },
      remoteAddress: '192.0.2.9',
    });

  it('are one entry for each key, and one for all that come without one', async () => {
    for (let i = 0; i < 50; i += 1) await change({ authorization: `Bearer wrong${i}` });
    await change({});
    await change({ authorization: auditor });
    await change({ authorization: root }, 'No Name');
    await api.inject({ url: '/api/v1/tenants' });
    expect(await objects('')).toHaveLength(4);
    const refusals = api.app.get(Refusals);
    await refusals.flush();
    await refusals.flush();
    const entries = (await get('?action=request.refuse')).body.entries as object[];
    expect(entries).toMatchObject([
      { actor: { id: 'root' }, changes: [{ field: 'tenant.create tenant_invalid 192.0.2.9', after: 1 }] },
      {
        actor: { id: 'auditor' },
        tenant: 'acme',
        changes: [{ field: 'tenant.create forbidden 192.0.2.9', after: 1 }],
      },
      {
        ...{ actor: { kind: 'nobody' }, tenant: null, outcome: 'refused' },
        changes: [{ field: 'tenant.create unauthenticated 192.0.2.9', after: 51 }],
      },
    ]);
  });

  it('are told apart up to a number of keys and kinds', async () => {
    for (let i = 0; i < 120; i += 1) await change({ authorization: api.access.add(`k${i}`, ['metrics']) });
    for (let i = 0; i < 30; i += 1)
      await api.inject({ method: 'POST', url: '/api/v1/tenants', remoteAddress: `192.0.2.${i}` });
    await api.app.get(Refusals).flush();
    const entries = (await get('?action=request&limit=1000')).body.entries as {
      actor: { kind: string };
      changes: object[];
    }[];
    expect(entries).toHaveLength(101);
    const nobody = entries.filter(({ actor }) => actor.kind === 'nobody');
    expect(nobody).toHaveLength(1);
    expect(nobody[0]?.changes).toHaveLength(21);
  });

  it('are recorded when the server ends', async () => {
    await change({});
    await api.stop();
    expect((await api.audit.list({}, { limit: 1 })).entries).toMatchObject([{ action: 'request.refuse' }]);
  });
});
