import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryCatalogue } from '#catalogue/testing';
import { RoutingRules, type StoredRule } from './routing-rules.js';

const rule = (name: string): StoredRule => ({
  ...{ name, enabled: true, when: {}, action: { stream: 'x' }, continue: false },
  ...{ changed_at: '2026-11-21T00:00:00.000Z', changed_by: { key_id: 'k', key_name: 'admin' } },
});

describe('routing rules', () => {
  let catalogue: MemoryCatalogue;
  let rules: RoutingRules;
  beforeEach(() => {
    catalogue = new MemoryCatalogue();
    rules = new RoutingRules(catalogue);
  });

  it('are one record for a tenant, with a version', async () => {
    expect(await rules.read('acme')).toEqual({ version: 0, rules: [] });
    expect(await rules.change('acme', (old) => [...old, rule('a')])).toEqual({
      ...{ version: 1, rules: [rule('a')] },
    });
    await rules.change('acme', (old) => [rule('b'), ...old], 1);
    expect(await rules.read('acme')).toEqual({ version: 2, rules: [rule('b'), rule('a')] });
    expect(await rules.read('other')).toEqual({ version: 0, rules: [] });
    expect(await new RoutingRules(catalogue).read('acme')).toMatchObject({ version: 2 });
  });

  it('are not changed where another version is meant', async () => {
    await rules.change('acme', () => [rule('a')]);
    const late = rules.change('acme', () => [], 0);
    await expect(late).rejects.toMatchObject({ code: 'rules_conflict' });
    expect((await rules.read('acme')).rules).toEqual([rule('a')]);
  });

  it('take changes at once, each on top of the other', async () => {
    const names = ['a', 'b', 'c'];
    await Promise.all(names.map((name) => rules.change('acme', (old) => [...old, rule(name)])));
    const { version, rules: all } = await rules.read('acme');
    expect([version, all.map(({ name }) => name).sort()]).toEqual([3, names]);
  });

  it('of another process are heard of, until they are closed', async () => {
    await rules.read('acme');
    const others = new RoutingRules(catalogue);
    await others.change('acme', () => [rule('a')]);
    expect(await rules.read('acme')).toMatchObject({ version: 1 });
    rules.close();
    await others.change('acme', () => []);
    expect(await rules.read('acme')).toMatchObject({ version: 1 });
  });
});
