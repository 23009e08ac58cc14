import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseTime } from '#event-model';
import type { EventQuery, Filter } from '#plugin-kit';
import { openTier, type TierUnderTest } from './testing/open-tier.js';
import { batchOf } from './testing/sample-events.js';

let open: TierUnderTest;
const EVENTS = [
  {
    timestamp: '2026-11-21T00:00:00.000000001Z',
    level: 'ERROR',
    service: 'a',
    message: 'Connection reset by peer',
    status: 500,
  },
  {
    timestamp: '2026-11-21T00:00:00.000000002Z',
    level: 'err',
    service: 'b',
    message: 'connection closed',
    trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
    bytes: 18446744073709551615n,
  },
  {
    timestamp: '2026-11-21T00:00:00.000000003Z',
    level: 'info',
    service: 'a',
    message: 'all well',
    user: "o'neil",
    n: 5,
    nested: { deep: 'x/y' },
    ok: true,
  },
  {
    timestamp: '2026-11-21T00:00:00.000000004Z',
    level: 'Weird',
    service: 'a',
    message: 'grüße',
    user: '5',
    latency_ms: 1.5,
    user_id: '%',
  },
];
const text = (event: object): string =>
  JSON.stringify(event, (_key, value: unknown) => (typeof value === 'bigint' ? `#${value}#` : value)).replace(
    /"#(\d+)#"/,
    '$1',
  );

beforeAll(async () => {
  open = await openTier();
  await open.tier.insert(
    batchOf(open.stream, [...EVENTS.map(text), 'refused line', Buffer.from([0xff, 0xfe])]),
  );
});
afterAll(() => open.close());

const everything: Filter = { kind: 'all', of: [] };
const query = (filter: Filter, more: Partial<EventQuery> = {}): EventQuery => ({
  tenant: 'default',
  streams: [open.stream],
  from: parseTime('2026-11-21T00:00:00Z') ?? 0n,
  to: parseTime('2026-11-21T00:00:01Z') ?? 0n,
  filter,
  order: 'asc',
  limit: 100,
  timeoutMs: 5_000,
  ...more,
});
/** The last digit of each found event's nanoseconds: its number. */
const found = async (filter: Filter, more?: Partial<EventQuery>): Promise<string> =>
  (await open.tier.search(query(filter, more))).events.map((event) => event.timestamp.at(-2)).join('');
const equals = (field: string, ...values: (string | number | boolean)[]): Filter => ({
  kind: 'equals',
  field,
  values,
});
const words = (...list: string[]): Filter => ({ kind: 'words', words: list });

describe('a search', () => {
  it.each<[name: string, filter: Filter, expected: string]>([
    ['everything', everything, '1234'],
    ['a level in any spelling', { kind: 'level', words: ['error'] }, '12'],
    ['a level that is no known word', { kind: 'level', words: ['WEIRD'] }, '4'],
    ['a word in any letter case', words('CONNECTION'), '12'],
    ['words, cut as the index cuts them', words('reset-by', 'peer'), '1'],
    ['a word beyond ASCII', words('GRÜSSE'.replace('SS', 'ß')), '4'],
    ['a declared text', equals('service', 'b'), '2'],
    ['one of several', equals('service', 'a', 'b'), '1234'],
    ['a declared number', equals('status', 500), '1'],
    ['a declared number as text', equals('status', '500'), '1'],
    ['a number that is none', equals('status', '1 or 1=1'), ''],
    ['a number beyond its type', equals('status', 70_000), ''],
    ['the largest number', equals('bytes', '18446744073709551615'), '2'],
    ['a float', equals('latency_ms', 1.5), '4'],
    ['a truth', equals('ok', true), '3'],
    ['a trace id', equals('trace_id', '4bf92f3577b34da6a3ce929d0e0e4736'), '2'],
    ['an attribute with a quote', equals('user', "o'neil"), '3'],
    ['an attribute number', equals('n', 5), '3'],
    ['an attribute text that looks like a number', equals('user', 5), '4'],
    ['an attribute inside another', equals('nested.deep', 'x/y'), '3'],
    ['a percent sign, which is no wildcard', equals('user_id', '%'), '4'],
    ['an attribute that nothing has', equals('nothing', ''), ''],
    ['not', { kind: 'not', of: equals('service', 'a') }, '2'],
    ['any', { kind: 'any', of: [equals('service', 'b'), equals('status', 500)] }, '12'],
    ['no value at all', equals('service'), ''],
  ])('finds by %s', async (_name, filter, expected) => {
    expect(await found(filter)).toBe(expected);
  });

  it.each([
    "'",
    '\\',
    '{p0:String}',
    '/**/',
    '\0',
    '’',
    '` OR 1',
    "') OR 1=1 --",
    '%',
    '_',
    "a' UNION ALL SELECT 1",
  ])('takes %j literally, as a value and as a name', async (payload) => {
    expect(await found(equals('user', payload))).toBe('');
    expect(await found(equals(payload, 'x'))).toBe('');
    expect(await found({ kind: 'level', words: [payload] })).toBe('');
  });

  it('pages from the newest, with the total of all', async () => {
    const page = await open.tier.search(query(everything, { order: 'desc', limit: 2 }));
    expect(page.events.map((event) => event.timestamp.at(-2)).join('')).toBe('43');
    expect(page.total).toBe(4);
  });

  it('includes its start and excludes its end', async () => {
    const range = {
      from: parseTime('2026-11-21T00:00:00.000000002Z') ?? 0n,
      to: parseTime('2026-11-21T00:00:00.000000004Z') ?? 0n,
    };
    expect(await found(everything, range)).toBe('23');
  });

  it('in a stream that nothing was written to finds nothing', async () => {
    const streams = [
      { ...open.stream, name: 'unwritten' },
      { ...open.stream, tenant: 'nobody' },
    ];
    expect(await found(everything, { streams })).toBe('');
  });
});

describe('the quarantine', () => {
  it('has the refused lines with their bytes and reasons', async () => {
    const page = await open.tier.quarantine({ tenant: 'default', limit: 10 });
    expect(page.total).toBe(2);
    expect(page.events).toMatchObject([
      { reason: 'not_json', raw: 'refused line', stream: 'default' },
      { reason: 'not_json', raw_base64: '//4=' },
    ]);
  });

  it('is filtered by reason and stream, and is empty for another tenant', async () => {
    for (const more of [{ reason: 'other' }, { stream: 'other' }, { source: 'other' }])
      expect((await open.tier.quarantine({ tenant: 'default', limit: 10, ...more })).total).toBe(0);
    expect((await open.tier.quarantine({ tenant: 'nobody', limit: 10 })).events).toEqual([]);
  });
});
