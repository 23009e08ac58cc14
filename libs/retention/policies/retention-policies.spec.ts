import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryCatalogue } from '#catalogue/testing';
import { nearestPolicy, targetOf, type StoredPolicy } from './policy.js';
import { MAX_POLICIES, RetentionPolicies } from './retention-policies.js';

const by = { key_id: 'k', key_name: 'ops' };
const at = '2026-11-22T00:00:00Z';
const policy = (name: string, keep = 'search 30d -> delete'): StoredPolicy => ({
  ...{ name, keep, class: 'normal', changed_at: at, changed_by: by },
});
const keeps = (book: { readonly policies: readonly StoredPolicy[] }): readonly string[] =>
  book.policies.map(({ name, keep }) => `${name} ${keep}`);

let catalogue: MemoryCatalogue;
let policies: RetentionPolicies;
beforeEach(() => {
  catalogue = new MemoryCatalogue();
  policies = new RetentionPolicies(catalogue);
});

const put = (name: string, keep: string, more: object = {}) =>
  policies.change('acme', (old) => [...old.filter((one) => one.name !== name), policy(name, keep)], {
    ...{ by, at },
    ...more,
  });

describe('retention policies', () => {
  it('begin with none, are kept by tenant and name, and rise in version', async () => {
    expect(await policies.read('acme')).toEqual({ version: 0, policies: [] });
    await put('tenant', 'search 9d -> delete');
    const book = await put('stream:web', 'search 3d -> delete', { plan: 'p1' });
    expect(book).toMatchObject({ version: 2, plan: 'p1', changed_by: by, changed_at: at });
    expect(keeps(await policies.read('acme'))).toEqual([
      'stream:web search 3d -> delete',
      'tenant search 9d -> delete',
    ]);
    expect(await policies.read('globex')).toEqual({ version: 0, policies: [] });
  });

  it('refuse a change that is meant for another version, and lose none of several at once', async () => {
    await put('tenant', 'search 9d -> delete');
    await expect(put('tenant', 'search 1d -> delete', { ifVersion: 0 })).rejects.toMatchObject({
      code: 'policies_conflict',
      message: expect.stringContaining('version 1'),
    });
    await Promise.all(['a', 'b', 'c'].map((name) => put(`stream:${name}`, 'search 2d -> delete')));
    expect((await policies.read('acme')).policies).toHaveLength(4);
    expect((await policies.versions('acme')).map(({ policies: all }) => all.length)).toEqual([4, 3, 2, 1]);
  });

  it('are bounded in number', async () => {
    const many = Array.from({ length: MAX_POLICIES + 1 }, (_, at) => policy(`stream:s${at}`));
    await expect(policies.change('acme', () => many, { by, at })).rejects.toMatchObject({
      code: 'too_many_retention_policies',
    });
  });

  it('go back to the version before, or to any that is kept', async () => {
    for (const days of [1, 2, 3]) await put('tenant', `search ${days}d -> delete`);
    expect(await policies.rollBack('acme', undefined, { by, at })).toMatchObject({ version: 4 });
    expect(keeps(await policies.read('acme'))).toEqual(['tenant search 2d -> delete']);
    expect(keeps(await policies.rollBack('acme', 1, { by, at }))).toEqual(['tenant search 1d -> delete']);
    expect((await policies.versions('acme')).map(({ version }) => version)).toEqual([5, 4, 3, 2, 1]);
    for (const version of [0, 5, 6, -1])
      await expect(policies.rollBack('acme', version, { by, at })).rejects.toMatchObject({
        code: 'policy_version_not_found',
        message: expect.stringContaining('4, 3, 2, 1'),
      });
    await expect(policies.rollBack('globex', undefined, { by, at })).rejects.toThrow('none');
  });

  it('keep a hundred versions', async () => {
    for (let day = 1; day <= 103; day += 1) await put('tenant', `search ${day}d -> delete`);
    const versions = (await policies.versions('acme')).map(({ version }) => version);
    expect([versions.length, versions[0], versions.at(-1)]).toEqual([101, 103, 3]);
  });
});

it('a policy is for the tenant, an event type or a stream, and the nearest counts', () => {
  expect(['tenant', 'event-type:log', 'stream:web'].map(targetOf)).toEqual([
    { kind: 'tenant' },
    { kind: 'event-type', name: 'log' },
    { kind: 'stream', name: 'web' },
  ]);
  for (const name of [
    'web',
    'stream:',
    'stream:../x',
    'stream:a/b',
    'tenant:acme',
    'stream:Web',
    'x:web',
    '',
  ])
    expect(targetOf(name)).toBeUndefined();
  const all = ['tenant', 'event-type:log', 'stream:web'].map((name) => policy(name));
  const book = (...names: readonly string[]) =>
    new Map(all.filter(({ name }) => names.includes(name)).map((one) => [one.name, one]));
  const web = { name: 'web', eventType: 'log' };
  expect(nearestPolicy(book('tenant', 'event-type:log', 'stream:web'), web)?.name).toBe('stream:web');
  expect(nearestPolicy(book('tenant', 'event-type:log'), web)?.name).toBe('event-type:log');
  expect(nearestPolicy(book('tenant'), web)?.name).toBe('tenant');
  expect(nearestPolicy(book('event-type:log'), { ...web, eventType: 'login' })).toBeUndefined();
});
