import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EventTypeDeclaration, FieldType } from '#event-model';
import { eventTypeProblems, nextEventType, type Filter } from '#plugin-kit';
import { makeEventType, makeField } from '#plugin-kit/testing';
import { openTier, type TierUnderTest } from './testing/open-tier.js';
import { blockOf } from './testing/sample-events.js';
import { makeScanQuery, scanned, searched } from './testing/scan-and-search.js';

/** Names that statements have for something of their own: aliases, arguments of lambdas, columns of the quarantine. */
const USED = [
  ...['at', 'b', 'bytes', 'date', 'day', 'each', 'first', 'form', 'group', 'j', 'k', 'key', 'last', 'length'],
  ...['pair', 'parsed', 'parser', 'rows', 'side', 'table', 'text', 'top', 'types', 'u', 'utf', 'v', 'value'],
  ...['word', 'x', 'y'],
];
const typed = (name: string, type: FieldType) => makeField({ name, type, aliases: [`{${name}:String}`] });
const FIRST: EventTypeDeclaration = makeEventType({
  fields: [typed('n', 'uint64'), typed('slot', 'keyword'), typed('raw_is_utf8', 'hex8')],
  sortBy: ['slot'],
  rollUps: [{ name: 'by_slot', by: ['slot'] }],
});
const NEXT = nextEventType(FIRST, {
  ...FIRST,
  fields: [...FIRST.fields, ...USED.map((name) => typed(name, name === 'day' ? 'keyword' : 'string'))],
  rollUps: [...FIRST.rollUps, { name: 'by_day', by: ['day', 'slot'] }],
});

let open: TierUnderTest;
let stream: TierUnderTest['stream'];
const block = (eventType: EventTypeDeclaration) => {
  const plain = { n: 7, slot: 'a', raw_is_utf8: '00f067aa0ba902b7', x: 'old', day: 'd' };
  const lines = [plain, { '{n:String}': 7, '{slot:String}': 'a', free: { n: 1 } }, { n: 'no' }];
  return blockOf(
    { ...open.stream, eventType },
    lines.map((line) => JSON.stringify(line)),
  );
};
const blocks: ReturnType<typeof block>[] = [];

beforeAll(async () => {
  open = await openTier(FIRST);
  for (const eventType of [FIRST, NEXT]) {
    stream = { ...open.stream, eventType };
    await open.tier.prepare(stream);
    const one = block(eventType);
    blocks.push(one);
    await open.tier.insert({ stream, token: one.header.id, blocks: [one], skip: [] });
  }
}, 60_000);
afterAll(() => open.close());

const SEVEN: Filter = { kind: 'equals', field: 'n', values: [7] };

describe('a field may be named as something in the statements is', () => {
  it('and its events are stored, refused and counted', async () => {
    const present = await open.tier.present(
      stream,
      blocks.map(({ header }) => header.id),
    );
    expect(present.map(({ stored, quarantined }) => [stored, quarantined.length])).toEqual([
      [[0, 1], 1],
      [[0, 1], 1],
    ]);
    expect(await open.tier.checkRollUps(stream)).toEqual([]);
  });

  it('and they are found, and counted exactly', async () => {
    const { limit, ...query } = { ...makeScanQuery([stream], { filter: SEVEN }), limit: 9 };
    const { events, total } = await open.tier.search({ ...query, limit, total: 'exact' });
    expect([events.length, total]).toEqual([4, 4]);
    expect(events.map((event) => event['raw_is_utf8'] ?? '').sort()).toEqual([
      ...['', ''],
      ...['00f067aa0ba902b7', '00f067aa0ba902b7'],
    ]);
    for (const field of [...USED, 'slot']) {
      const filter: Filter = { kind: 'contains', field, text: 'o' };
      expect(await searched(open, { ...query, filter })).toHaveLength(field === 'x' ? 2 : 0);
    }
  });

  it('and they are scanned, window by window', async () => {
    const query = makeScanQuery([stream], { filter: SEVEN, to: 4_000_000_000n * 1_000_000_000n });
    expect(await scanned(open, query, () => ({ rows: 1, pieceRows: 1 }))).toHaveLength(4);
  });

  it('and those of some blocks are counted', async () => {
    const ids = blocks.map(({ header }) => header.id);
    const query = { stream, blocks: ids, filter: SEVEN, timeoutMs: 10_000 };
    expect(await open.tier.countBlocks(query)).toBe(4);
  });

  it('unless every table has a column of that name', async () => {
    const statement = `SELECT DISTINCT name FROM system.columns WHERE database = 'tenant_default' AND table != 'quarantine'`;
    const columns = (await open.engine.run(statement, { lane: 'read' })).rows<{ name: string }>();
    const own = new Set(NEXT.fields.map(({ name }) => name));
    const free = columns.filter(({ name }) => {
      const declaration = makeEventType({ fields: [makeField({ name })], rollUps: [], sortBy: [] });
      return !own.has(name) && eventTypeProblems(`event-type-${declaration.name}`, declaration).length === 0;
    });
    expect(free).toEqual([]);
  });
});
