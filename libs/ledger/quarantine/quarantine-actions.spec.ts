import { expect, it } from 'vitest';
import { MemoryCatalogue } from '#catalogue/testing';
import { QuarantineActions } from './quarantine-actions.js';

const asked = (id: string, at: string) => ({
  ...{ id, kind: 'replay' as const, filter: { reason: 'not_json' }, asked_at: at },
  by: { key_id: 'k', key_name: 'admin' },
});
const COUNTS = { stored: 2, deduplicated: 1, dropped: 0 };

it('add up the batches of an action, each once', async () => {
  const catalogue = new MemoryCatalogue();
  const actions = new QuarantineActions(catalogue);
  await actions.add('acme', asked('one', '2026-11-21T12:00:00Z'));
  for (const batch of ['b1', 'b1', 'b2']) {
    const change = await actions.changeFor({ tenant: 'acme', id: 'one' }, batch, COUNTS);
    await catalogue.write(change ? [change] : []);
  }
  await actions.end('acme', 'one', 7);
  expect(await actions.find('acme', 'one')).toEqual({
    ...asked('one', '2026-11-21T12:00:00Z'),
    ...{ stored: 4, deduplicated: 2, dropped: 0, refused: 7, ended_at: expect.any(String) },
  });
  expect(await actions.changeFor({ tenant: 'acme', id: 'other' }, 'b', COUNTS)).toBeUndefined();
  await actions.end('acme', 'other', 0);
  expect(await actions.find('acme', 'other')).toBeUndefined();
});

it('are listed newest first, of one tenant', async () => {
  const actions = new QuarantineActions(new MemoryCatalogue());
  for (const n of [1, 3, 2]) await actions.add('acme', asked(`a${n}`, `2026-11-21T12:00:0${n}Z`));
  await actions.add('other', asked('o', '2026-11-21T13:00:00Z'));
  expect((await actions.list('acme', 2)).map(({ id }) => id)).toEqual(['a3', 'a2']);
});
