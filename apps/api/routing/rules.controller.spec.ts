import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RULE, startRoutingApi, type RoutingApi } from './testing/routing-api.js';

let api: RoutingApi;
beforeEach(async () => {
  api = await startRoutingApi();
});
afterEach(() => api.stop());

const names = async (): Promise<string[]> =>
  (await api.ask('GET', 'rules')).json().rules.map((rule: { name: string }) => rule.name);

describe('routing rules', () => {
  it('are made, listed, changed and taken away, with a version', async () => {
    const made = await api.ask('PUT', 'rules/audit', RULE);
    const shown = {
      ...{ name: 'audit', enabled: true, ...RULE, continue: false },
      counts: { matched: 0, dropped: 0, sampled_out: 0 },
      changed_at: expect.any(String),
      changed_by: { key_id: 'admin', key_name: 'admin' },
    };
    expect([made.statusCode, made.headers['etag'], made.json()]).toEqual([
      ...[200, '"1"'],
      { version: 1, rules: [shown] },
    ]);
    expect((await api.ask('GET', 'rules/audit')).json()).toEqual(shown);
    await api.ask('PUT', 'rules/noise', { action: { drop: { policy: 'noise' } }, description: 'All.' });
    const changed = await api.ask('PUT', 'rules/audit', { ...RULE, continue: true });
    expect(changed.json()).toMatchObject({
      version: 3,
      rules: [
        { name: 'audit', continue: true },
        { name: 'noise', description: 'All.', when: {} },
      ],
    });
    const gone = await api.ask('DELETE', 'rules/audit');
    expect([gone.headers['etag'], gone.json().rules.length]).toEqual(['"4"', 1]);
    for (const path of ['rules/audit', 'rules/none'])
      for (const method of ['GET', 'DELETE'] as const)
        expect((await api.ask(method, path)).json()).toMatchObject({ code: 'rule_not_found' });
  });

  it('are enabled, disabled and moved', async () => {
    for (const name of ['a', 'b', 'c']) await api.ask('PUT', `rules/${name}`, RULE);
    await api.ask('PATCH', 'rules/c', { position: 0 });
    expect(await names()).toEqual(['c', 'a', 'b']);
    await api.ask('PATCH', 'rules/c', { position: 99, enabled: false });
    const { rules } = (await api.ask('GET', 'rules')).json();
    expect(rules.map((rule: { name: string; enabled: boolean }) => [rule.name, rule.enabled])).toEqual([
      ['a', true],
      ['b', true],
      ['c', false],
    ]);
    expect((await api.ask('PATCH', 'rules/none', { enabled: true })).json().code).toBe('rule_not_found');
    expect((await api.ask('PATCH', 'rules/a', {})).json().code).toBe('invalid_request');
  });

  it('are replaced all at once; who changed one that stays as it is does not change', async () => {
    await api.ask('PUT', 'rules/a', RULE);
    const before = (await api.ask('GET', 'rules/a')).json();
    const other = api.access.add('other');
    const rules = [
      { name: 'b', action: { parser: 'shout' } },
      { name: 'a', ...RULE },
    ];
    const answer = await api.ask('PUT', 'rules', { rules }, { authorization: other });
    expect(answer.json()).toMatchObject({
      version: 2,
      rules: [
        { name: 'b', changed_by: { key_id: 'other' } },
        { name: 'a', changed_at: before.changed_at },
      ],
    });
    expect(answer.json().rules[1].changed_by.key_id).toBe('admin');
  });

  it('are changed with If-Match only where nobody was faster', async () => {
    await api.ask('PUT', 'rules/a', RULE, { 'if-match': '"0"' });
    for (const [method, path, payload] of [
      ['PUT', 'rules/a', RULE],
      ['PUT', 'rules', { rules: [] }],
      ['PATCH', 'rules/a', { enabled: false }],
      ['DELETE', 'rules/a', undefined],
    ] as const) {
      const late = await api.ask(method, path, payload, { 'if-match': '"0"' });
      expect([late.statusCode, late.json().code]).toEqual([412, 'rules_conflict']);
    }
    expect((await api.ask('DELETE', 'rules/a', undefined, { 'if-match': '"1"' })).statusCode).toBe(200);
    const wrong = await api.ask('PUT', 'rules/a', RULE, { 'if-match': 'x' });
    expect(wrong.json().code).toBe('invalid_request');
  });

  it.each([
    ['rules/UPPER', RULE, 'rule_name_invalid'],
    ['rules/dry-run', RULE, 'rule_name_invalid'],
    ['rules/x', {}, 'invalid_request'],
    ['rules/x', { action: {} }, 'invalid_request'],
    ['rules/x', { action: { drop: { policy: 'p' }, stream: 'web' } }, 'invalid_request'],
    ['rules/x', { action: { drop: { policy: 'No Policy' } } }, 'invalid_request'],
    ['rules/x', { action: { drop: { policy: 'p'.repeat(25) } } }, 'invalid_request'],
    ['rules/x', { action: { sample: { one_in: 1, policy: 'p' } } }, 'invalid_request'],
    ['rules/x', { ...RULE, when: { contains: [] } }, 'invalid_request'],
    ['rules/x', { ...RULE, when: { contains: [''] } }, 'invalid_request'],
    ['rules/x', { ...RULE, when: { sources: ['A B'] } }, 'invalid_request'],
    ['rules/x', { ...RULE, when: { sources: ['a*b'] } }, 'invalid_request'],
    ['rules/x', { ...RULE, when: { matches: '(a+)+' } }, 'invalid_request'],
    ['rules/x', { ...RULE, when: { fields: [{ field: 'level' }] } }, 'invalid_request'],
    [
      'rules/x',
      { ...RULE, when: { fields: [{ field: 'a', exists: false, equals: [1] }] } },
      'invalid_request',
    ],
    ['rules/x', { ...RULE, when: { fields: [{ field: 'a.'.repeat(9), exists: true }] } }, 'invalid_request'],
    [
      'rules',
      {
        rules: [
          { name: 'a', ...RULE },
          { name: 'a', ...RULE },
        ],
      },
      'invalid_request',
    ],
  ])('are refused as PUT %s %j', async (path, payload, code) => {
    expect((await api.ask('PUT', path, payload)).json()).toMatchObject({ status: 400, code });
    expect(await names()).toEqual([]);
  });

  it('list everything that they name and that is not there', async () => {
    const rules = [
      { name: 'a', action: { stream: 'nowhere', parser: 'nobody' } },
      { name: 'b', when: { parsers: ['auto', 'none'] }, action: { stream: 'web' } },
      { name: 'c', action: { parser: 'joined' } },
    ];
    const answer = (await api.ask('PUT', 'rules', { rules })).json();
    expect(answer.code).toBe('invalid_request');
    expect(answer.errors.map(({ path }: { path: string }) => path)).toEqual([
      'rules.0.action.parser',
      'rules.0.action.stream',
      'rules.1.when.parsers.1',
      'rules.2.action.parser',
    ]);
    expect(answer.errors[1].mend).toContain('/api/v1/streams');
    expect(await names()).toEqual([]);
  });

  it('are a hundred at most', async () => {
    const rules = Array.from({ length: 100 }, (_, n) => ({ name: `r${n}`, ...RULE }));
    expect((await api.ask('PUT', 'rules', { rules })).statusCode).toBe(200);
    expect((await api.ask('PUT', 'rules/more', RULE)).json()).toMatchObject({
      ...{ status: 409, code: 'too_many_rules' },
    });
    expect((await api.ask('PUT', 'rules/r5', RULE)).statusCode).toBe(200);
    const more = [...rules, { name: 'more', ...RULE }];
    expect((await api.ask('PUT', 'rules', { rules: more })).json()).toMatchObject({ status: 400 });
  });

  it('name eight policies at most', async () => {
    const rules = Array.from({ length: 9 }, (_, n) => ({
      name: `r${n}`,
      action: { drop: { policy: `p${n}` } },
    }));
    expect((await api.ask('PUT', 'rules', { rules })).json()).toMatchObject({ code: 'too_many_policies' });
    expect((await api.ask('PUT', 'rules', { rules: rules.slice(1) })).statusCode).toBe(200);
    const ninth = await api.ask('PUT', 'rules/r0', { action: rules[0]!.action });
    expect([ninth.statusCode, (await names()).length]).toEqual([409, 8]);
    const shared = { action: { sample: { one_in: 2, policy: 'p1' } } };
    expect((await api.ask('PUT', 'rules/r0', shared)).statusCode).toBe(200);
  });

  it('are of a tenant, and for keys that are held to no streams', async () => {
    await api.ask('PUT', 'rules/a', RULE);
    const other = api.access.add('other', undefined, { tenant: 'other' });
    expect((await api.ask('GET', 'rules', undefined, { authorization: other })).json()).toEqual({
      ...{ version: 0, rules: [] },
    });
    const held = api.access.add('held', ['streams:admin'], { streams: new Set(['web']) });
    const change = await api.ask('PUT', 'rules/b', RULE, { authorization: held });
    expect([change.statusCode, await names()]).toEqual([403, ['a']]);
  });
});
