import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventTypeDeclaration } from '#event-model';
import { eventTypeProblems, nextEventType, type EventQuery, type Filter, type StreamSpec } from '#plugin-kit';
import { makeEventType, makeField } from '#plugin-kit/testing';
import { ClickHouseTier } from './clickhouse-tier.js';
import { tableNames } from './schema/names.js';
import { openTier, type TierUnderTest } from './testing/open-tier.js';
import { batchOf, DECLARED } from './testing/sample-events.js';

const FIRST = makeEventType({
  fields: [makeField()],
  rollUps: [{ name: 'by_state', by: ['state'] }],
});
const SECOND = nextEventType(FIRST, {
  ...FIRST,
  fields: [
    { ...makeField(), indexed: true },
    makeField({ name: 'carrier', type: 'keyword', aliases: ['order.carrier', 'by'] }),
    makeField({ name: 'weight', type: 'float64', aliases: ['order.weight'], indexed: true }),
    makeField({ name: 'parcels', type: 'uint16' }),
    makeField({ name: 'paid', type: 'bool' }),
    makeField({ name: 'note', type: 'text' }),
    makeField({ name: 'checksum', type: 'hex8' }),
    makeField({ name: 'recipient', type: 'string', aliases: ['to'] }),
  ],
  rollUps: [
    ...FIRST.rollUps,
    { name: 'by_carrier', by: ['carrier'] },
    { name: 'recipients', by: [], unique: ['recipient'] },
  ],
});
const OLD = [
  '{"state":"sent","order.carrier":"post","weight":1.5,"paid":true,"note":"Fragile glass","checksum":"00f067aa0ba902b7","to":"ann"}',
  '{"state":"sent","by":"ship","order.weight":"2.5","parcels":70000,"paid":"yes","note":7,"carrier":null,"recipient":"bob"}',
  '{"state":"lost"}',
];
const NEW = [
  '{"state":"sent","order.carrier":"post","weight":3,"parcels":2,"paid":false,"note":"glass","to":"ann"}',
];

let open: TierUnderTest;
let scratch: string;
let first: StreamSpec;
let second: StreamSpec;

beforeEach(async () => {
  open = await openTier(FIRST);
  scratch = await mkdtemp(join(tmpdir(), 'alluvium-versions-'));
  first = open.stream;
  second = { ...first, eventType: SECOND };
});
afterEach(async () => {
  await open.close();
  await rm(scratch, { recursive: true });
});

/** A tier as after a restart, over the same tables. */
function restarted(reach: (point: string) => void = () => undefined): ClickHouseTier {
  const context = { dataDirectory: '', scratchDirectory: scratch, memoryBytes: 1e9, concurrency: 4 };
  return new ClickHouseTier(open.engine, { ...context, reach });
}

const ALL: Filter = { kind: 'all', of: [] };
const query = (stream: StreamSpec, filter: Filter = ALL): EventQuery => ({
  ...{ tenant: stream.tenant, streams: [stream], from: 0n, to: 4_000_000_000n * 1_000_000_000n, filter },
  ...{ order: 'asc', limit: 100, timeoutMs: 20_000 },
});
const found = async (tier: ClickHouseTier, stream: StreamSpec, filter?: Filter) =>
  (await tier.search(query(stream, filter))).events;
const equals = (field: string, value: string): Filter => ({ kind: 'equals', field, values: [value] });

async function countsBy(tier: ClickHouseTier, field: string, source?: string) {
  const range = query(second);
  const shape = { groupBy: [field], fill: false, limit: 9, orderBy: 'n', order: 'desc' as const };
  const metrics = [{ name: 'n', function: 'count' as const }];
  const answer = await tier.aggregate({ ...range, ...shape, metrics });
  if (source !== undefined) expect(answer.source).toBe(source);
  return Object.fromEntries(answer.buckets.map(({ group, values }) => [group[0], Number(values[0])]));
}

/** How many recipients there are, and what says so. */
async function recipients(tier: ClickHouseTier) {
  const shape = { groupBy: [], fill: false, limit: 9, orderBy: 'n', order: 'desc' as const };
  const unique = { name: 'n', function: 'unique' as const, field: 'recipient', exact: false };
  const { source, buckets } = await tier.aggregate({ ...query(second), ...shape, metrics: [unique] });
  return { source, recipients: buckets[0]?.values[0] };
}

describe('a new version of a type', () => {
  it('gives tables columns that older events fill from their attributes', async () => {
    await open.tier.insert(batchOf(first, OLD));
    await open.tier.prepare(second);
    expect(await open.tier.insert(batchOf(second, NEW))).toEqual({ stored: 1, quarantined: [] });
    const events = await found(open.tier, second);
    expect(
      events.map(({ carrier, weight, parcels, paid, note }) => [carrier, weight, parcels, paid, note]),
    ).toEqual([
      ['post', 1.5, undefined, true, 'Fragile glass'],
      ['ship', 2.5, undefined, undefined, '7'],
      [undefined, undefined, undefined, undefined, undefined],
      ['post', 3, 2, false, 'glass'],
    ]);
    expect(events[0]?.['checksum']).toBe('00f067aa0ba902b7');
  });

  it.each([
    ['carrier', equals('carrier', 'post'), 2],
    ['an alias, as questions asked before', equals('order.carrier', 'post'), 2],
    ['a number', equals('weight', '2.5'), 1],
    ['a word', { kind: 'words', field: 'note', words: ['glass'] } as Filter, 2],
    ['what is there', { kind: 'exists', field: 'carrier' } as Filter, 3],
    ['bytes', equals('checksum', '00f067aa0ba902b7'), 1],
  ])('is found over the border by %s', async (_what, filter, count) => {
    await open.tier.insert(batchOf(first, OLD));
    await open.tier.prepare(second);
    await open.tier.insert(batchOf(second, NEW));
    expect(await found(open.tier, second, filter)).toHaveLength(count);
    const { stream } = tableNames(first.tenant, first.name);
    await open.engine.run(`OPTIMIZE TABLE ${stream} FINAL`, { lane: 'write' });
    expect(await found(open.tier, second, filter)).toHaveLength(count);
  });

  it('gives back what was sent, of older events and of new ones', async () => {
    await open.tier.insert(batchOf(first, OLD));
    await open.tier.prepare(second);
    await open.tier.insert(batchOf(second, NEW));
    const events = await found(open.tier, second);
    const originals = await Promise.all(
      events.map(async ({ event_id }) => {
        const [block = '', row] = event_id.split('-');
        const place = { block: block as never, row: Number(row) };
        return (await open.tier.find(second.tenant, [second], place))?.['original'];
      }),
    );
    expect(JSON.parse(JSON.stringify(originals))).toEqual([...OLD, ...NEW].map((line) => JSON.parse(line)));
  });

  it('counts older events in its roll-ups once', async () => {
    await open.tier.insert(batchOf(first, OLD));
    await open.tier.prepare(second);
    await open.tier.insert(batchOf(second, NEW));
    expect(await open.tier.checkRollUps(second)).toEqual([]);
    expect(await countsBy(open.tier, 'carrier')).toMatchObject({ post: 2, ship: 1 });
    expect(await countsBy(open.tier, 'state')).toEqual({ sent: 3, lost: 1 });
    expect(await recipients(open.tier)).toEqual({ source: 'roll_up', recipients: 2 });
  });

  it('is made once, and left alone by whoever knows the older one', async () => {
    await open.tier.prepare(second);
    await open.tier.prepare(first);
    expect(await open.tier.insert(batchOf(first, OLD))).toMatchObject({ stored: 3 });
    expect(await open.tier.insert(batchOf(second, NEW))).toMatchObject({ stored: 1 });
    expect(await countsBy(open.tier, 'carrier')).toMatchObject({ post: 2, ship: 1 });
    const ran: string[] = [];
    const { engine } = open;
    const counting = {
      ...engine,
      run: async (statement: string) => (ran.push(statement), engine.run(statement, { lane: 'write' })),
    };
    const context = { dataDirectory: '', scratchDirectory: scratch, memoryBytes: 1e9, concurrency: 4 };
    const tier = new ClickHouseTier(counting as typeof engine, { ...context, reach: () => undefined });
    await tier.prepare(second);
    expect(ran).toHaveLength(1);
  });

  it.each(['tier.tables-closed', 'tier.tables-made', 'tier.roll-ups-filled'])(
    'that was broken off at %s is finished at the next start',
    async (point) => {
      await open.tier.insert(batchOf(first, OLD));
      const broken = restarted((reached) => {
        if (reached === point) throw new Error(`died at ${point}`);
      });
      await expect(broken.prepare(second)).rejects.toThrow('died');
      const tier = restarted();
      // The stream is of the older version until all is done.
      expect(await tier.insert(batchOf(first, ['{"state":"sent","by":"ship"}']))).toMatchObject({
        stored: 1,
      });
      await tier.prepare(second);
      expect(await tier.insert(batchOf(second, NEW))).toMatchObject({ stored: 1 });
      expect(await tier.count(second)).toBe(5);
      expect(await tier.checkRollUps(second)).toEqual([]);
      expect(await countsBy(tier, 'carrier')).toMatchObject({ post: 2, ship: 2 });
    },
  );

  it('refuses what the newer one refuses, and keeps it with its bytes', async () => {
    const strict: EventTypeDeclaration = nextEventType(SECOND, {
      ...SECOND,
      fields: SECOND.fields.map((field) => (field.name === 'state' ? { ...field, required: true } : field)),
    });
    const third = { ...first, eventType: strict };
    await open.tier.prepare(third);
    const report = await open.tier.insert(
      batchOf(third, ['{"parcels":70000,"state":"x"}', '{"message":"m"}']),
    );
    expect(report.quarantined.map(({ reason }) => reason)).toEqual(['type:parcels', 'missing:state']);
  });
});

describe('a declared type', () => {
  it('with fields of all types keeps events that use any of its keys', async () => {
    const stream = { ...first, name: 'all', eventType: DECLARED };
    const keys = DECLARED.fields.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
    const value = (key: string): unknown =>
      /hex16/.test(key)
        ? 'ab'.repeat(16)
        : /hex8/.test(key)
          ? 'cd'.repeat(8)
          : /bool/.test(key)
            ? true
            : /int|float/.test(key)
              ? 7
              : 't';
    const lines = keys.map((key) => JSON.stringify({ [key]: value(key) }));
    expect(await open.tier.insert(batchOf(stream, lines))).toEqual({ stored: lines.length, quarantined: [] });
    const events = await found(open.tier, stream);
    expect(events.every(({ attributes }) => Object.keys(attributes as object).length === 0)).toBe(true);
  });

  it('may have as many keys as a declaration may', async () => {
    const types = ['hex16', 'float64', 'uint64', 'keyword', 'bool'] as const;
    const fields = Array.from({ length: 59 }, (_, n) =>
      makeField({
        ...{ name: `field_number_number_${n}`, type: types[n % 5] ?? 'string' },
        aliases: ['a', 'b'].map((part) => `a.rather.long.old.key.${part}.${n}`),
      }),
    );
    const wide = nextEventType(FIRST, { ...FIRST, fields: [...FIRST.fields, ...fields] });
    expect(
      eventTypeProblems(`event-type-${wide.name}`, { ...FIRST, fields: [...FIRST.fields, ...fields] }),
    ).toEqual([]);
    await open.tier.insert(batchOf(first, OLD));
    const stream = { ...first, eventType: wide };
    await open.tier.prepare(stream);
    const report = await open.tier.insert(
      batchOf(stream, ['{"a.rather.long.old.key.b.54":true,"x":{}}', ...NEW]),
    );
    expect(report).toEqual({ stored: 2, quarantined: [] });
    expect(await found(open.tier, stream)).toHaveLength(5);
  }, 180_000);
});
