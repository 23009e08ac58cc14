import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryCatalogue } from '#catalogue/testing';
import { keeps, type Hold } from './hold.js';
import { MAX_HOLDS, RetentionHolds, type NewHold } from './retention-holds.js';

const by = { key_id: 'k', key_name: 'ops' };
const base = { tenant: 'acme', reason: 'case 7', created_at: '2026-11-22T00:00:00Z', created_by: by };

describe('a hold', () => {
  const DAY = 20261120;
  it.each([
    [{}, true],
    [{ stream: 'web' }, true],
    [{ stream: 'other' }, false],
    [{ start_time: '2026-11-20T23:59:59.999999999Z' }, true],
    [{ start_time: '2026-11-21T00:00:00Z' }, false],
    [{ end_time: '2026-11-20T00:00:00.000000001Z' }, true],
    [{ end_time: '2026-11-20T00:00:00Z' }, false],
    [{ start_time: '2026-11-20T07:00:00Z', end_time: '2026-11-20T07:00:01Z' }, true],
    [{ start_time: '2026-11-20T23:00:00-02:00' }, false],
    [{ start_time: '2026-11-19T00:00:00Z', end_time: '2026-11-30T00:00:00Z' }, true],
    [{ released_at: '2026-11-22T01:00:00Z' }, false],
  ])('of %o keeps the day of a stream: %s', (part: Partial<Hold>, kept) => {
    expect(keeps({ id: 'h', ...base, ...part }, { stream: 'web', day: DAY })).toBe(kept);
  });
});

describe('the holds of a tenant', () => {
  let holds: RetentionHolds;
  beforeEach(() => {
    holds = new RetentionHolds(new MemoryCatalogue());
  });
  const add = (part: Partial<NewHold> = {}) => holds.create({ ...base, ...part });

  it('are made, listed, and kept when they are released', async () => {
    const first = await add();
    const second = await add({ stream: 'web', created_at: '2026-11-22T00:00:01Z' });
    expect(await holds.list('acme')).toEqual([second, first]);
    expect([await holds.list('globex'), await holds.find('globex', first.id)]).toEqual([[], undefined]);
    const released = await holds.release('acme', first.id, { at: '2026-11-23T00:00:00Z', by });
    expect(released).toEqual({ ...first, released_at: '2026-11-23T00:00:00Z', released_by: by });
    expect(await holds.release('acme', first.id, { at: '2026-11-24T00:00:00Z', by })).toEqual(released);
    expect(await holds.find('acme', first.id)).toEqual(released);
    expect(await holds.release('globex', second.id, { at: '2026-11-24T00:00:00Z', by })).toBeUndefined();
  });

  it('tell which of them keep a day, as they are at that moment', async () => {
    const all = await add();
    const web = await add({ stream: 'web' });
    const names = async (stream: string): Promise<readonly string[]> =>
      (await holds.keeping('acme', { stream, day: 20261120 })).map(({ id }) => id).toSorted();
    expect([await names('web'), await names('other')]).toEqual([[all.id, web.id].toSorted(), [all.id]]);
    await holds.release('acme', all.id, { at: base.created_at, by });
    expect([await names('web'), await names('other')]).toEqual([[web.id], []]);
  });

  it('are bounded in number, released ones apart', async () => {
    const made = await Promise.all(Array.from({ length: MAX_HOLDS }, () => add()));
    await expect(add()).rejects.toMatchObject({ code: 'too_many_holds' });
    await holds.release('acme', made[0]?.id ?? '', { at: base.created_at, by });
    await add();
    expect(await holds.list('acme')).toHaveLength(MAX_HOLDS + 1);
  });
});
