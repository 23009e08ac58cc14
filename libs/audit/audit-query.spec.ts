import { expect, it } from 'vitest';
import { auditScene, facts } from './testing/scene.js';

it('lists the newest first, page by page, whatever is appended meanwhile', async () => {
  const { record, fill } = auditScene();
  await fill(1_250);
  const seen: (string | null)[] = [];
  let before: number | undefined;
  do {
    const page = await record.list({}, { limit: 100, before });
    seen.push(...page.entries.map(({ object }) => object));
    before = page.next;
    await record.append(facts());
  } while (before !== undefined);
  expect(seen).toEqual(Array.from({ length: 1_250 }, (_, i) => `n${1_250 - i}`));
});

it('finds by tenant, time, who, what and of what', async () => {
  const { record, clock } = auditScene();
  await record.append(facts({ tenant: null, actor: { kind: 'appliance' }, action: 'settings.start' }));
  clock.ms += 60_000;
  await record.append(facts({ action: 'rule.delete' }));
  await record.append(facts({ object: 'other', actor: { kind: 'key', id: 'zzzz0000', name: 'ci' } }));
  const find = async (query: Parameters<typeof record.list>[0]) =>
    (await record.list(query, { limit: 10 })).entries.map(({ sequence }) => sequence);
  expect(await find({ tenant: 'acme' })).toEqual([3, 2]);
  expect(await find({ tenant: 'other' })).toEqual([]);
  expect(await find({ from: '2026-01-02T03:05:05.000000000Z' })).toEqual([3, 2]);
  expect(await find({ to: '2026-01-02T03:05:05.000000000Z' })).toEqual([1]);
  expect(await find({ actor: 'ops' })).toEqual([2]);
  expect(await find({ actor: 'zzzz0000' })).toEqual([3]);
  expect(await find({ actor: 'appliance' })).toEqual([1]);
  expect(await find({ action: 'rule' })).toEqual([3, 2]);
  expect(await find({ action: 'rule.put', object: 'other' })).toEqual([3]);
});

it('looks at a bounded number of entries for a page, and goes on from there', async () => {
  const { record, fill } = auditScene();
  await record.append(facts({ object: 'needle' }));
  await fill(5_600);
  const first = await record.list({ object: 'needle' }, { limit: 1 });
  expect(first.entries).toEqual([]);
  const next = await record.list({ object: 'needle' }, { limit: 1, before: first.next });
  expect(next).toMatchObject({ entries: [{ sequence: 1 }], next: undefined });
});

it('ends where all is older than what is asked for', async () => {
  const { record, fill, clock } = auditScene();
  await fill(2_000);
  const from = new Date(clock.ms - 2_500).toISOString().replace('Z', '000000Z');
  expect(await record.list({ from }, { limit: 100 })).toMatchObject({
    entries: [{ object: 'n2000' }, { object: 'n1999' }, { object: 'n1998' }],
    next: undefined,
  });
});
