import { beforeEach, expect, it } from 'vitest';
import { MemoryCatalogue } from '#catalogue/testing';
import { MAX_RULES, RedactionRules } from './redaction-rules.js';
import { replacementsOf } from './replacement.js';
import type { RedactionRule } from './rule.js';

const replace = replacementsOf(Buffer.alloc(32));
const CHANGED = { changed_at: '2026-11-21T12:00:00Z', changed_by: { key_id: 'k', key_name: 'k' } };
const make = (name: string, some: Partial<RedactionRule> = {}) => ({
  ...({ name, action: 'mask', at: 'accept', fields: ['a'], detectors: [], ...CHANGED } as const),
  ...some,
});

let catalogue: MemoryCatalogue;
let rules: RedactionRules;
beforeEach(() => {
  catalogue = new MemoryCatalogue();
  rules = new RedactionRules(catalogue, replace);
});
const names = async (tenant = 'acme') => (await rules.list(tenant)).map(({ name }) => name);
const applies = async (stream: string, at: RedactionRule['at'] = 'accept', tenant = 'acme') =>
  (await rules.redactor(tenant, stream, at)) !== undefined;

it('apply to their tenant, stream and place', async () => {
  await rules.put('acme', make('all'));
  expect([await applies('web'), await applies('web', 'store'), await applies('web', 'accept', 'b')]).toEqual([
    true,
    false,
    false,
  ]);
  await rules.put('acme', make('all', { stream: 'web', at: 'store' }));
  expect([await applies('web', 'store'), await applies('other', 'store'), await applies('web')]).toEqual([
    true,
    false,
    false,
  ]);
});

it('are asked in the order of their names', async () => {
  await rules.put('acme', make('b'));
  await rules.put('acme', make('a', { action: 'drop' }));
  expect(await names()).toEqual(['a', 'b']);
  const redactor = await rules.redactor('acme', 'web', 'accept');
  expect(redactor?.line(Buffer.from('{"a":1}'))?.line.toString()).toBe('{}');
});

it('are made once, and again when they were changed by another process', async () => {
  await rules.put('acme', make('a'));
  const first = await rules.redactor('acme', 'web', 'accept');
  expect(await rules.redactor('acme', 'web', 'accept')).toBe(first);
  await new RedactionRules(catalogue, replace).put('acme', make('b'));
  expect(await names()).toEqual(['a', 'b']);
  expect(await rules.redactor('acme', 'web', 'accept')).not.toBe(first);
});

it('are taken away, once', async () => {
  await rules.put('acme', make('a'));
  expect([await rules.remove('acme', 'a'), await rules.remove('acme', 'a'), await names()]).toEqual([
    true,
    false,
    [],
  ]);
  expect(await applies('web')).toBe(false);
});

it('are as many as a tenant may have', async () => {
  for (let n = 0; n < MAX_RULES; n += 1) await rules.put('acme', make(`r${n}`));
  await expect(rules.put('acme', make('more'))).rejects.toMatchObject({ code: 'too_many_redactions' });
  await rules.put('acme', make('r0'));
  await rules.put('other', make('more'));
});

it('do not stand in the way of the next reading where one failed', async () => {
  const read = catalogue.scan.bind(catalogue);
  catalogue.scan = () => Promise.reject(new Error('down'));
  await expect(rules.list('acme')).rejects.toThrow('down');
  catalogue.scan = read;
  expect(await names()).toEqual([]);
  rules.close();
});
