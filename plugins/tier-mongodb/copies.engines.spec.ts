import { afterAll, describe, expect, it } from 'vitest';
import { createBlockIdGenerator, formatEventId, type BlockId } from '#event-model';
import type { ScanPiece, StreamSpec } from '#plugin-kit';
import { makeEventType } from '#plugin-kit/testing';
import { countsName, eventsName } from './store/names.js';
import { startContractTiers } from './testing/contract-tiers.js';

const tiers = await startContractTiers();
afterAll(() => tiers.stop());

const nextId = createBlockIdGenerator();
const ACCEPTED = '2026-11-20T08:15:30.123456789Z';
const MINUTE = Date.parse('2026-11-20T08:15:00Z');
const streamOf = (name: string): StreamSpec => ({
  ...{ tenant: 'copies', name, keepRaw: 'when_needed', storedIn: 'both' },
  eventType: makeEventType({ fields: [] }),
});

interface Copied {
  readonly block: BlockId;
  readonly row: number;
  readonly [field: string]: unknown;
}

/** A line as another tier shows an event. */
function lineOf({ block, row, ...fields }: Copied): string {
  const shown = {
    ...{ event_id: formatEventId(block, row), tenant: 'copies', stream: 's', source: 'agent' },
    ...{ timestamp: '2026-11-20T08:00:00.000000001Z', observed_timestamp: ACCEPTED },
    ...{ event_type: 'order', severity_number: 0, attributes: {}, ...fields },
  };
  return `${JSON.stringify(shown)}\n`;
}

async function* pieces(events: readonly Copied[]): AsyncGenerator<ScanPiece> {
  for (const event of events) yield { lines: Buffer.from(lineOf(event)), count: 1 };
}

const copy = (stream: StreamSpec, blocks: readonly BlockId[], events: readonly Copied[]) =>
  tiers.tier().copyBlocks(stream, blocks, pieces(events));
const idsIn = async (stream: StreamSpec) =>
  (await tiers.database.collection(eventsName(stream)).find().sort({ _id: 1 }).toArray()).map(({ _id }) =>
    String(_id),
  );
const rows = (block: BlockId, count: number, fields = {}) =>
  Array.from({ length: count }, (_, row) => ({ block, row, ...fields }));

describe('a copy of blocks', () => {
  it('is what the lines say, however often it is made: missing, other and surplus events are told', async () => {
    const stream = streamOf('set');
    const [one, two] = [nextId(), nextId()];
    const all = [...rows(one, 1_200), ...rows(two, 3)];
    expect(await copy(stream, [one, two], all)).toEqual({ written: 1_203, removed: 0 });
    expect(await copy(stream, [one, two], all)).toEqual({ written: 0, removed: 0 });
    const changed = rows(one, 1_200).map((event) =>
      event.row === 7 ? { ...event, message: 'another' } : event,
    );
    expect(await copy(stream, [one], changed.slice(0, 1_190))).toEqual({ written: 1, removed: 10 });
    expect(await tiers.tier().count(stream)).toBe(1_193);
    expect(await copy(stream, [two], [])).toEqual({ written: 0, removed: 3 });
    expect((await idsIn(stream)).every((id) => id.startsWith(one))).toBe(true);
    expect(await tiers.tier().checkRollUps(stream)).toEqual([]);
  });

  it('is counted where its events were accepted, and found by day and minute', async () => {
    const stream = streamOf('counted');
    const block = nextId();
    await copy(stream, [block], rows(block, 4));
    expect(await tiers.tier().countByMinute(stream)).toEqual([
      { source: 'agent', minute: MINUTE, events: 4 },
    ]);
    expect(await tiers.tier().copiedBlocks(stream, { minute: MINUTE })).toEqual([block]);
    expect(await tiers.tier().copiedBlocks(stream, { minute: MINUTE + 60_000 })).toEqual([]);
    expect(await tiers.tier().copiedBlocks(stream, { day: 20_261_120 })).toEqual([block]);
    expect(await tiers.tier().copiedBlocks(stream, { day: 20_261_121 })).toEqual([]);
  });

  it('that is otherwise than it counts is found, event by event', async () => {
    const stream = streamOf('stray');
    const [whole, less, gone, added] = [nextId(), nextId(), nextId(), nextId()];
    await copy(stream, [whole, less, gone], [...rows(whole, 2), ...rows(less, 2), ...rows(gone, 1)]);
    expect(await tiers.tier().strayBlocks(stream)).toEqual([]);
    const events = tiers.database.collection<{ _id: string }>(eventsName(stream));
    await events.deleteMany({ _id: { $in: [formatEventId(less, 1), formatEventId(gone, 0)] } });
    await events.insertOne({ _id: formatEventId(added, 0) });
    expect(await tiers.tier().strayBlocks(stream)).toEqual([less, gone, added]);
    expect(await tiers.database.collection(countsName(stream)).countDocuments()).toBe(3);
  });

  it('shows what the lines show: fields, attributes of any name, kept text, also what is too deep to be read again', async () => {
    const stream = streamOf('shown');
    const block = nextId();
    const deep = JSON.parse(`${'['.repeat(70)}${']'.repeat(70)}`) as unknown;
    const events = [
      {
        message: 'a',
        level: 'warn',
        severity_number: 13,
        attributes: { message: 1, source: 'x', a: { b: [1] } },
      },
      { message: 'b', raw: 'the line', id: '17' },
      { message: 'c', raw_base64: Buffer.from([255, 0]).toString('base64') },
      { message: 'd', attributes: { deep, n: 1 } },
    ].map((event, row) => ({ ...event, block, row }));
    await copy(stream, [block], events);
    const query = { stream, blocks: [block], filter: { kind: 'all', of: [] }, timeoutMs: 10_000 } as const;
    const shown: Record<string, unknown>[] = [];
    for await (const { lines } of tiers.tier().readBlocks(query))
      for (const line of Buffer.from(lines).toString().trimEnd().split('\n'))
        shown.push(JSON.parse(line) as Record<string, unknown>);
    const expected = events.map((event) => JSON.parse(lineOf(event)) as Record<string, unknown>);
    expect(shown.slice(0, 3)).toEqual(expected.slice(0, 3).map((event) => ({ ...event, stream: 'shown' })));
    expect(shown[3]).toMatchObject({ attributes: { deep: JSON.stringify(deep), n: '1' } });
  });

  it('that a validator of somebody refuses fails with words, and is made when that is gone', async () => {
    const stream = streamOf('refused');
    const block = nextId();
    await tiers.tier().prepare(stream);
    const validate = (validator: object) =>
      tiers.database.command({ collMod: eventsName(stream), validator });
    await validate({ host: { $ne: 'no' } });
    await expect(copy(stream, [block], rows(block, 3, { host: 'no' }))).rejects.toMatchObject({
      ...{ code: 'tier_data', message: expect.stringContaining('refuses 3 documents') },
    });
    await validate({});
    expect(await copy(stream, [block], rows(block, 3, { host: 'no' }))).toEqual({ written: 3, removed: 0 });
  });
});
