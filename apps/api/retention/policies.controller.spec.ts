import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/test-api.js';

const KEEP = 'search 30d -> delete';

let api: TestApi;
let admin: string;
beforeEach(async () => {
  api = await startTestApi();
  admin = api.access.add('admin');
  await ask('POST', 'streams', { name: 'web' });
});
afterEach(() => api.stop());

const ask = (
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  ...[payload, headers = {}]: [payload?: object, headers?: Record<string, string>]
) =>
  api.inject({
    ...{ method, url: `/api/v1/${path}`, headers: { authorization: admin, ...headers } },
    ...(payload && { payload }),
  });

describe('retention policies', () => {
  it('are made, listed, changed and taken away, with a version', async () => {
    expect((await ask('GET', 'retention/policies')).json()).toEqual({
      ...{ version: 0, default: KEEP, tiers: ['search'], policies: [] },
    });
    const made = await ask('PUT', 'retention/policies/stream:web', {
      ...{ keep: 'search 2w → delete', max_bytes: 2 ** 30, max_disk_share: 0.5, class: 'critical' },
    });
    const shown = {
      ...{ name: 'stream:web', keep: 'search 14d -> delete', max_bytes: 2 ** 30, max_disk_share: 0.5 },
      ...{ class: 'critical', changed_at: expect.any(String) },
      changed_by: { key_id: 'admin', key_name: 'admin' },
    };
    expect([made.statusCode, made.headers['etag'], made.json().policies]).toEqual([200, '"1"', [shown]]);
    await ask('PUT', 'retention/policies/tenant', { keep: 'forever' });
    await ask('PUT', 'retention/policies/event-type:log', { keep: KEEP });
    const { policies } = (await ask('GET', 'retention/policies')).json();
    expect(policies.map((one: Record<string, string>) => [one['name'], one['keep'], one['class']])).toEqual([
      ['event-type:log', KEEP, 'normal'],
      ['stream:web', 'search 14d -> delete', 'critical'],
      ['tenant', 'search forever', 'normal'],
    ]);
    expect((await ask('GET', 'retention/policies/stream:web')).json()).toEqual(shown);
    const gone = await ask('DELETE', 'retention/policies/tenant');
    expect([gone.headers['etag'], gone.json().policies.length]).toEqual(['"4"', 2]);
    for (const method of ['GET', 'DELETE'] as const)
      expect((await ask(method, 'retention/policies/tenant')).json().code).toBe('policy_not_found');
  });

  it('are changed only where nobody changed them meanwhile, and go back in one call', async () => {
    await ask('PUT', 'retention/policies/tenant', { keep: 'search 9d -> delete' });
    const change = { keep: 'search 1d -> delete' };
    const late = await ask('PUT', 'retention/policies/tenant', change, { 'if-match': '"0"' });
    expect([late.statusCode, late.json().code]).toEqual([412, 'policies_conflict']);
    await ask('PUT', 'retention/policies/tenant', change, { 'if-match': '"1"' });
    const back = await ask('POST', 'retention/rollback', {});
    expect(back.json()).toMatchObject({ version: 3, policies: [{ keep: 'search 9d -> delete' }] });
    const { versions } = (await ask('GET', 'retention/versions')).json();
    expect(versions.map((one: { version: number }) => one.version)).toEqual([3, 2, 1]);
    const none = await ask('POST', 'retention/rollback', { version: 7 });
    expect([none.statusCode, none.json().code]).toEqual([404, 'policy_version_not_found']);
  });
});

describe('a wrong policy changes nothing and is told why:', () => {
  it.each<readonly [name: string, body: object, path: string, words: string]>([
    ['tenant', {}, 'keep', 'expected string'],
    ['tenant', { keep: 30 }, 'keep', 'expected string'],
    ['tenant', { keep: '' }, 'keep', 'names no tier'],
    ['tenant', { keep: 'search 12h -> delete' }, 'keep', 'a unit is a day'],
    ['tenant', { keep: 'search -1d -> delete' }, 'keep', 'negative'],
    ['tenant', { keep: 'search 101y -> delete' }, 'keep', '100 years'],
    ['tenant', { keep: 'search 1d -> archive 1y -> search 1d -> delete' }, 'keep', 'twice'],
    ['tenant', { keep: 'search 1d -> archive 1y -> delete' }, 'keep', 'no such tier here yet: archive'],
    ['tenant', { keep: 'x'.repeat(501) }, 'keep', 'Too big'],
    ['tenant', { keep: KEEP, max_bytes: 0 }, 'max_bytes', 'Too small'],
    ['tenant', { keep: KEEP, max_bytes: -1 }, 'max_bytes', 'Too small'],
    ['tenant', { keep: KEEP, max_bytes: '10GiB' }, 'max_bytes', 'expected number'],
    ['tenant', { keep: KEEP, max_disk_share: 0 }, 'max_disk_share', 'Too small'],
    ['tenant', { keep: KEEP, max_disk_share: 40 }, 'max_disk_share', 'Too big'],
    ['tenant', { keep: KEEP, class: 'precious' }, 'class', 'Invalid option'],
    ['tenant', { keep: KEEP, tenant: 'acme' }, '', 'tenant'],
  ])('%s %o', async (name, body, ...[path, words]) => {
    const answer = await ask('PUT', `retention/policies/${name}`, body);
    const wrong = { message: expect.stringContaining(words), mend: expect.stringMatching(/\.$/) };
    expect([answer.statusCode, answer.json().errors[0]]).toMatchObject([400, { path, ...wrong }]);
    expect((await ask('GET', 'retention/policies')).json().version).toBe(0);
  });

  it.each<readonly [name: string, body: object, status: number, code: string]>([
    ['stream:none', { keep: KEEP }, 404, 'stream_unknown'],
    ['stream:acme%2Fweb', { keep: KEEP }, 400, 'policy_name_invalid'],
    ['stream:..%2F..%2Fetc', { keep: KEEP }, 400, 'policy_name_invalid'],
    ['tenant:acme', { keep: KEEP }, 400, 'policy_name_invalid'],
    ['event-type:none', { keep: KEEP }, 400, 'event_type_unknown'],
  ])('%s %o', async (name, body, ...[status, code]) => {
    const answer = await ask('PUT', `retention/policies/${name}`, body);
    expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
    expect((await ask('GET', 'retention/policies')).json().version).toBe(0);
  });

  it("another tenant's stream is not there", async () => {
    const other = api.access.add('other', undefined, { tenant: 'acme' });
    const answer = await ask(
      'PUT',
      'retention/policies/stream:web',
      { keep: KEEP },
      { authorization: other },
    );
    expect(answer.json().code).toBe('stream_unknown');
  });

  it('a key that is held to some streams may not', async () => {
    const held = api.access.add('held', undefined, { streams: new Set(['web']) });
    for (const [method, path] of [
      ['PUT', 'policies/stream:web'],
      ['DELETE', 'policies/stream:web'],
      ['GET', 'policies'],
      ['GET', 'versions'],
      ['POST', 'rollback'],
    ] as const) {
      const body = method === 'PUT' ? { keep: KEEP } : method === 'POST' ? {} : undefined;
      const answer = await ask(method, `retention/${path}`, body, { authorization: held });
      expect([path, answer.json().code]).toEqual([path, 'forbidden']);
    }
  });
});
