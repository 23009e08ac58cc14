import { describe, expect, it } from 'vitest';
import { eventTypeChangeProblems, isSameEventType, nextEventType } from '#plugin-kit';
import { makeEventType, makeField } from '#plugin-kit/testing';

const STATE = makeField();
const WEIGHT = makeField({ name: 'weight', type: 'float64' });
const BEFORE = makeEventType({ fields: [STATE] });
const after = (more: object) =>
  eventTypeChangeProblems(BEFORE, { ...BEFORE, ...more }).map(({ what }) => what);

describe('a change of an event type', () => {
  it.each([
    ['nothing', {}],
    ['another title', { title: 'Orders' }],
    ['a field more', { fields: [WEIGHT, STATE] }],
    [
      'an alias, an index and a duty more',
      { fields: [{ ...STATE, aliases: ['s'], indexed: true, required: true }] },
    ],
    ['a roll-up more', { rollUps: [...BEFORE.rollUps, { name: 'more', by: ['service'] }] }],
  ])('may be %s', (_what, more) => {
    expect(after(more)).toEqual([]);
  });

  it.each([
    ['a field less', { fields: [] }, '"state" is missing'],
    ['another type', { fields: [{ ...STATE, type: 'string' }] }, 'tables have it as keyword'],
    ['another order', { sortBy: ['state', 'service'] }, 'sorted by service, state'],
    ['a roll-up less', { rollUps: [] }, '"orders_per_minute" is missing'],
    [
      'distinct values in a roll-up',
      { rollUps: [{ name: 'orders_per_minute', by: ['state'], unique: ['id'] }] },
      'counts by state',
    ],
    ['another roll-up', { rollUps: [{ name: 'orders_per_minute', by: ['service'] }] }, 'counts by state'],
  ])('may not be %s', (_what, more, expected) => {
    expect(after(more)).toEqual([expect.stringContaining(expected)]);
  });

  it('may not take an index away', () => {
    const indexed = makeEventType({ fields: [{ ...STATE, indexed: true }] });
    const problems = eventTypeChangeProblems(
      indexed,
      makeEventType({ fields: [{ ...STATE, indexed: false }] }),
    );
    expect(problems).toMatchObject([{ what: expect.stringContaining('indexed'), mend: expect.any(String) }]);
  });
});

describe('the next version', () => {
  it('knows since when its fields are there, and has new ones last', () => {
    const second = nextEventType(BEFORE, { ...BEFORE, fields: [WEIGHT, STATE] });
    expect(second).toMatchObject({ version: 2, fields: [STATE, { ...WEIGHT, since: 2 }] });
    const code = makeField({ name: 'code' });
    const third = nextEventType(second, { ...BEFORE, fields: [code, STATE, WEIGHT] });
    expect(third.version).toBe(3);
    expect(third.fields.map(({ name, since }) => [name, since])).toEqual([
      ['state', undefined],
      ['weight', 2],
      ['code', 3],
    ]);
    expect(isSameEventType(third, { ...BEFORE, fields: [WEIGHT, code, STATE] })).toBe(true);
    expect(isSameEventType(third, second)).toBe(false);
  });
});
