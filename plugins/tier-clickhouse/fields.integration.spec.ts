import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseTime } from '#event-model';
import type { FieldReport, FieldsQuery } from '#plugin-kit';
import { openTier, type TierUnderTest } from './testing/open-tier.js';
import { batchOf } from './testing/sample-events.js';

let open: TierUnderTest;
const at = (time: string): bigint => parseTime(time) ?? 0n;

beforeAll(async () => {
  open = await openTier();
  const lines = Array.from({ length: 40 }, (_, i) =>
    JSON.stringify({
      timestamp: `2026-11-20T10:00:${String(i).padStart(2, '0')}Z`,
      service: i % 4 === 0 ? 'a' : 'b',
      status: i % 2 === 0 ? 200 : null,
      user_id: `u${i}`,
      free: i % 2 === 0 ? i % 3 : 'text',
      ...(i < 10 && { nested: { deep: i % 2 === 0 } }),
      none: null,
    }),
  );
  await open.tier.insert(batchOf(open.stream, lines));
});
afterAll(() => open.close());

function describeWith(more: Partial<FieldsQuery> = {}) {
  const range = { from: at('2026-11-20T00:00:00Z'), to: at('2026-11-21T00:00:00Z') };
  const selection = { tenant: 'default', streams: [open.stream], ...range, timeoutMs: 10_000 };
  const filter = { kind: 'all', of: [] } as const;
  return open.tier.fields({ ...selection, filter, topValues: 2, sampleEvents: 1_000, ...more });
}

const byName = (fields: readonly FieldReport[], name: string) => fields.find((field) => field.name === name);

describe('the fields of events', () => {
  it('are the declared ones, counted over all events, then attributes by how many have them', async () => {
    const { events, sampled, fields, isCut } = await describeWith();
    expect([events, sampled, isCut]).toEqual([40, 40, false]);
    expect(fields.slice(-2).map(({ name }) => name)).toEqual(['free', 'nested']);
    expect(byName(fields, 'service')).toEqual({
      name: 'service',
      types: ['keyword'],
      declaredIn: ['default'],
      events: 40,
      of: 40,
      cardinality: 2,
      isExact: true,
      topValues: [
        { value: 'b', events: 30 },
        { value: 'a', events: 10 },
      ],
    });
    expect(byName(fields, 'status')).toMatchObject({
      events: 20,
      cardinality: 1,
      topValues: [{ value: 200, events: 20 }],
    });
    expect(byName(fields, 'user_id')).toMatchObject({ cardinality: 40, isExact: false });
    expect(byName(fields, 'host')).toMatchObject({ events: 0, cardinality: 0, topValues: [] });
    expect(byName(fields, 'free')).toMatchObject({
      types: ['number', 'string'],
      declaredIn: [],
      events: 40,
      cardinality: 4,
      topValues: [{ value: 'text', events: 20 }, { events: 7 }],
    });
    expect(byName(fields, 'nested')).toMatchObject({ types: ['object'], events: 10 });
    expect(byName(fields, 'none')).toBeUndefined();
  });

  it('are looked for in no more events than the bound', async () => {
    const { events, sampled, fields } = await describeWith({ sampleEvents: 8 });
    expect([events, sampled]).toEqual([40, 8]);
    expect(byName(fields, 'free')?.of).toBe(8);
    expect(byName(fields, 'service')?.of).toBe(40);
  });

  it('are those of the selected events, of all streams', async () => {
    const second = { ...open.stream, name: 'unwritten', eventType: { ...open.stream.eventType, fields: [] } };
    const filter = { kind: 'equals', field: 'service', values: ['a'] } as const;
    const { events, fields } = await describeWith({ streams: [open.stream, second], filter });
    expect(events).toBe(10);
    expect(byName(fields, 'status')?.declaredIn).toEqual(['default']);
    expect(byName(fields, 'service')?.declaredIn).toEqual(['default', 'unwritten']);
    expect((await describeWith({ streams: [second] })).events).toBe(0);
    expect((await describeWith({ streams: [] })).fields).toEqual([]);
  });
});

describe('one field', () => {
  it('is counted over all events, whatever the bound', async () => {
    const { fields, sampled } = await describeWith({ field: 'user_id', sampleEvents: 1, topValues: 3 });
    expect(sampled).toBe(40);
    expect(fields).toMatchObject([
      { name: 'user_id', types: ['string'], events: 40, of: 40, cardinality: 40 },
    ]);
    expect(fields[0]?.topValues).toEqual(['u0', 'u1', 'u10'].map((value) => ({ value, events: 1 })));
  });

  it('may be one that nothing declares, or that no event has', async () => {
    const [deep] = (await describeWith({ field: 'nested.deep' })).fields;
    expect(deep).toMatchObject({ types: ['boolean'], declaredIn: [], events: 10, cardinality: 2 });
    const [none] = (await describeWith({ field: "no'where" })).fields;
    expect(none).toMatchObject({ events: 0, cardinality: 0, types: [], topValues: [] });
  });
});
