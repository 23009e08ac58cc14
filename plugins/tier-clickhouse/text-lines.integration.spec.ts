import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatEventId, type Block, type BlockId } from '#event-model';
import type { StoredEvent, StreamSpec, TierBatch } from '#plugin-kit';
import log from '../event-type-log/index.js';
import { openTier, type TierUnderTest } from './testing/open-tier.js';
import { batchOf } from './testing/sample-events.js';

const RECEIVED = 1_795_239_970_000_000_000n;

/** A text line and what a parser made of it. */
type Parsed = readonly [original: string | Uint8Array, line: string];

const LINES: readonly Parsed[] = [
  ['<13>Nov 21 05:00:00 web-1 app: hello', '{"host":"web-1","service":"app","message":"hello"}'],
  ['just words', '{"message":"just words","parse_status":"none"}'],
  [Buffer.from([0x61, 0xff, 0x62]), '{"message":"a\ufffdb","parse_status":"none"}'],
  ['{"message":"m","n":{"a":1}}', '{"message":"m","n":{"a":1},"parser":"json"}'],
  ['no header', '\u0001not_syslog'],
  [Buffer.from([0xff, 0xfe]), '\u0001parser:wild'],
  ['{"message":5}', '{"message":5,"parser":"json"}'],
  ['not json', 'not json'],
];

/** A block as the worker hands it to the tier, with raw lines beside the parsed ones. */
function parsedBatch(stream: StreamSpec, lines: readonly Parsed[]): TierBatch {
  const batch = batchOf(
    stream,
    lines.map(([, line]) => line),
    RECEIVED,
  );
  const raw = Buffer.concat(lines.flatMap(([original]) => [Buffer.from(original), Buffer.from('\n')]));
  return { ...batch, blocks: batch.blocks.map((block): Block => ({ ...block, raw })) };
}

describe('lines that a parser made of text', () => {
  let open: TierUnderTest;
  beforeAll(async () => {
    open = await openTier(log.eventType);
  });
  afterAll(() => open.close());

  async function found(stream: StreamSpec, block: BlockId): Promise<readonly (StoredEvent | undefined)[]> {
    const rows = LINES.map((_line, row) => open.tier.find(stream.tenant, [stream], { block, row }));
    return Promise.all(rows);
  }

  async function store(name: string, keepRaw: StreamSpec['keepRaw'], lines = LINES) {
    const stream = { ...open.stream, name, keepRaw };
    await open.tier.prepare(stream);
    const batch = parsedBatch(stream, lines);
    const report = await open.tier.insert(batch);
    const block = batch.blocks[0]?.header.id as BlockId;
    return { stream, batch, report, block };
  }

  it('are found with the bytes of the text, or a message that is the same', async () => {
    const { stream, report, block } = await store('text', 'when_needed');
    expect(report).toMatchObject({ stored: 5, quarantined: [{ row: 4 }, { row: 5 }, { row: 7 }] });
    const events = await found(stream, block);
    expect(events.map((event) => event?.['raw'])).toEqual([
      LINES[0]?.[0],
      undefined,
      undefined,
      LINES[3]?.[0],
      undefined,
      undefined,
      LINES[6]?.[0],
      undefined,
    ]);
    expect(events.map((event) => event?.['original'])).toEqual([
      LINES[0]?.[0],
      'just words',
      'a\ufffdb',
      LINES[3]?.[0],
      undefined,
      undefined,
      LINES[6]?.[0],
      undefined,
    ]);
    expect(events[2]).toMatchObject({ message: 'a\ufffdb', raw_base64: 'Yf9i' });
    expect(events[1]?.['attributes']).toEqual({ parse_status: 'none' });
    expect(events[3]).toMatchObject({ message: 'm', attributes: { n: { a: 1 }, parser: 'json' } });
  });

  it('that are refused keep the bytes of the text, under the parser’s reason', async () => {
    const { stream, block } = await store('refused', 'when_needed');
    const { events } = await open.tier.quarantine({ tenant: stream.tenant, block, limit: 10 });
    expect(
      events.map(({ event_id, reason, raw, raw_base64 }) => [event_id, reason, raw ?? raw_base64]),
    ).toEqual([
      [formatEventId(block, 4), 'not_syslog', 'no header'],
      [formatEventId(block, 5), 'parser:wild', '//4='],
      [formatEventId(block, 7), 'not_json', 'not json'],
    ]);
  });

  it('keep the text beside a message that is the same where the stream keeps all', async () => {
    const { stream, block } = await store('always', 'always');
    const events = await found(stream, block);
    expect(events.map((event) => event?.['raw'] ?? event?.['raw_base64'])).toEqual([
      LINES[0]?.[0],
      'just words',
      'Yf9i',
      LINES[3]?.[0],
      undefined,
      undefined,
      LINES[6]?.[0],
      undefined,
    ]);
  });

  it('are written by the plain way and the other alike, and not twice', async () => {
    const many = Array.from({ length: 40 }, () => LINES[0] as Parsed);
    const { stream, batch, report, block } = await store('alike', 'when_needed', [
      ...many,
      ...LINES.slice(3),
    ]);
    expect([report.stored, report.quarantined.length]).toEqual([42, 3]);
    expect(await open.tier.insert(batch)).toEqual(report);
    expect(await open.tier.count(stream)).toBe(42);
    const place = { block, row: 40 };
    const event = await open.tier.find(stream.tenant, [stream], place);
    expect(event?.['raw']).toBe(LINES[3]?.[0]);
  });

  it('go to quarantine with the bytes of the text where the engine refuses them', async () => {
    const stream = { ...open.stream, name: 'engine' };
    const batch = parsedBatch(stream, LINES.slice(0, 1));
    await open.tier.refuse(batch, 'engine:53');
    const block = batch.blocks[0]?.header.id as BlockId;
    const { events } = await open.tier.quarantine({ tenant: stream.tenant, block, limit: 1 });
    expect(events).toMatchObject([{ reason: 'engine:53', raw: LINES[0]?.[0] }]);
  });

  it('share a batch with lines that came as they are, whose first byte means nothing', async () => {
    const stream = { ...open.stream, name: 'mixed' };
    const batch = parsedBatch(stream, LINES.slice(0, 2));
    const asSent = batchOf(stream, ['{"message":"as sent"}', '\u0001not_syslog'], RECEIVED);
    const report = await open.tier.insert({ ...batch, blocks: [...asSent.blocks, ...batch.blocks] });
    expect(report).toMatchObject({ stored: 3, quarantined: [{ row: 1, reason: 'not_json' }] });
    const block = asSent.blocks[0]?.header.id as BlockId;
    const event = await open.tier.find(stream.tenant, [stream], { block, row: 0 });
    expect(event).toMatchObject({ original: { message: 'as sent' } });
    expect(event).not.toHaveProperty('raw');
  });
});
