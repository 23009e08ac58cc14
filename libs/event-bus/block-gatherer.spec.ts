import { describe, expect, it } from 'vitest';
import {
  BlockGatherer,
  EventBusError,
  type GatherRequest,
  type PublishBatch,
  type PublishOutcome,
} from '#event-bus';
import { BLOCK_MAX_BYTES, BLOCK_MAX_EVENTS, nthBlockId, type Block } from '#event-model';

/** Keeps what is published, and answers when the test says so. */
class ScriptedBus {
  readonly published: (readonly PublishBatch[])[] = [];
  readonly answers: ((outcomes?: readonly PublishOutcome[]) => void)[] = [];
  readonly refusals: ((error: Error) => void)[] = [];

  publish(batches: readonly PublishBatch[]): Promise<readonly PublishOutcome[]> {
    this.published.push(batches);
    return new Promise((resolve, reject) => {
      this.answers.push((outcomes) => resolve(outcomes ?? batches.map(() => ({ kind: 'published' }))));
      this.refusals.push(reject);
    });
  }

  blocks(nth: number): readonly Block[] {
    return (this.published[nth] ?? []).flatMap((batch) => batch.blocks);
  }
}

const request = (text: string, extra: Partial<GatherRequest> = {}): GatherRequest => ({
  tenant: 'default',
  stream: 'web',
  source: 'agent',
  format: 'ndjson',
  receivedAt: 5n,
  count: text.split('\n').length - 1,
  body: Buffer.from(text),
  ...extra,
});

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const textOf = (block: Block | undefined): string => Buffer.from(block?.body ?? []).toString();

/** Publishes requests that come at once, and answers. */
async function gather(...requests: readonly GatherRequest[]) {
  const bus = new ScriptedBus();
  const gatherer = new BlockGatherer(bus);
  const appends = requests.map((each) => gatherer.append(each));
  await turn();
  bus.answers[0]?.();
  return { bus, places: await Promise.all(appends), blocks: bus.blocks(0) };
}

describe('small requests', () => {
  it('that come at once share a block, and each knows its rows', async () => {
    const { blocks, places } = await gather(request('a\nb\n'), request('c\n', { receivedAt: 6n }));
    expect(blocks.map(textOf)).toEqual(['a\nb\nc\n']);
    expect(blocks[0]?.header).toEqual({
      id: blocks[0]?.header.id,
      tenant: 'default',
      stream: 'web',
      source: 'agent',
      format: 'ndjson',
      receivedAt: 5n,
      count: 3,
    });
    const common = { kind: 'placed', first: blocks[0]?.header.id, blocks: 1 };
    expect(places).toEqual([
      { ...common, firstRow: 0, lastRow: 1 },
      { ...common, firstRow: 2, lastRow: 2 },
    ]);
  });

  it('of another tenant, stream, source, format, parser or zone never share one', async () => {
    const { blocks } = await gather(
      request('0\n'),
      request('1\n', { tenant: 'other' }),
      request('2\n', { stream: 'other' }),
      request('3\n', { source: 'other' }),
      request('4\n', { format: 'lines', parser: 'cef' }),
      request('5\n', { format: 'lines', parser: 'leef' }),
      request('6\n'),
      request('7\n', { format: 'lines', parser: 'leef', zone: '+02:00' }),
    );
    expect(blocks.map(textOf)).toEqual(['0\n6\n', '1\n', '2\n', '3\n', '4\n', '5\n', '7\n']);
    expect(new Set(blocks.map((block) => block.header.id)).size).toBe(7);
    expect(blocks.map(({ header }) => header.zone).filter(Boolean)).toEqual(['+02:00']);
    expect(blocks[4]?.header.parser).toBe('cef');
  });

  it('that come while a publish is under way go together in the next', async () => {
    const bus = new ScriptedBus();
    const gatherer = new BlockGatherer(bus);
    const first = gatherer.append(request('1\n'));
    await turn();
    const later = [gatherer.append(request('2\n')), gatherer.append(request('3\n'))];
    await turn();
    expect(bus.published).toHaveLength(1);
    bus.answers[0]?.();
    await first;
    await turn();
    expect(bus.blocks(1).map(textOf)).toEqual(['2\n3\n']);
    bus.answers[1]?.();
    expect(await Promise.all(later)).toHaveLength(2);
    await gatherer.idle();
  });

  it('hear of their publish when the next one is under way', async () => {
    const bus = new ScriptedBus();
    const gatherer = new BlockGatherer(bus);
    const first = gatherer.append(request('a\n')).then(() => bus.published.length);
    await turn();
    const second = gatherer.append(request('b\n'));
    bus.answers[0]?.();
    expect(await first).toBe(2);
    bus.answers[1]?.();
    await second;
    await gatherer.idle();
  });

  it('fill a block to its limits and then the next', async () => {
    const half = `${'x'.repeat(BLOCK_MAX_BYTES / 2 - 1)}\n`;
    const bySize = await gather(request(half), request(half), request('y\n'));
    expect(bySize.blocks.map((block) => block.body.byteLength)).toEqual([BLOCK_MAX_BYTES, 2]);
    const most = 'x\n'.repeat(BLOCK_MAX_EVENTS);
    const byCount = await gather(request(most), request('y\n'));
    expect(byCount.blocks.map((block) => block.header.count)).toEqual([BLOCK_MAX_EVENTS, 1]);
  });
});

describe('a large request', () => {
  it('is cut at line ends into blocks numbered from its first, without a copy', async () => {
    const line = `${'x'.repeat(999)}\n`;
    const large = request(line.repeat(1200));
    const { blocks, places } = await gather(request('before\n'), large, request('after\n'));
    const own = blocks.slice(1);
    const [first] = own.map((block) => block.header.id);
    if (!first) throw new Error('nothing was published');
    expect(own.map((block) => block.header.id)).toEqual([0, 1, 2].map((nth) => nthBlockId(first, nth)));
    expect(own.map((block) => block.header.count)).toEqual([524, 524, 152]);
    expect(own.map((block) => block.header.offset)).toEqual([undefined, 524, 1048]);
    expect(Buffer.concat(own.map((block) => block.body)).equals(large.body)).toBe(true);
    expect(own.every((block) => block.body.buffer === large.body.buffer)).toBe(true);
    expect(places[1]).toEqual({ kind: 'placed', first, blocks: 3, firstRow: 0, lastRow: 1199 });
    expect(textOf(blocks[0])).toBe('before\nafter\n');
  });

  it('of many short lines is cut by their number', async () => {
    const { blocks } = await gather(request('x\n'.repeat(BLOCK_MAX_EVENTS * 2 + 1)));
    expect(blocks.map((block) => block.header.count)).toEqual([BLOCK_MAX_EVENTS, BLOCK_MAX_EVENTS, 1]);
  });

  it('with a line longer than a block gives that line a block of its own', async () => {
    const long = `${'x'.repeat(BLOCK_MAX_BYTES)}\n`;
    const { blocks } = await gather(request(`a\n${long}b\n`));
    expect(blocks.map((block) => block.body.byteLength)).toEqual([2, BLOCK_MAX_BYTES + 1, 2]);
  });

  it('is one batch: written whole or not at all', async () => {
    const { bus } = await gather(request(`${'x'.repeat(999)}\n`.repeat(1200)));
    expect(bus.published[0]?.map((batch) => batch.blocks.length)).toEqual([3]);
  });
});

describe('a request whose events go several ways', () => {
  const parts = [
    { stream: 'web', body: Buffer.from('a\nc\n'), count: 2, indexes: 'x' },
    { stream: 'audit', body: Buffer.from('b\n'), count: 1, offset: 1 },
    { stream: 'web', body: Buffer.alloc(0), count: 9_000, dropped: 'noise' },
  ];

  it('is a block for each, with ids one after the other, in one batch', async () => {
    const whole = request('a\nb\nc\n', { count: 9_003, parts });
    const { bus, blocks, places } = await gather(request('other\n'), whole);
    const [first] = blocks.slice(1).map(({ header }) => header.id);
    expect(bus.published[0]?.map((batch) => batch.blocks.length)).toEqual([1, 3]);
    expect(blocks.slice(1).map(({ header }) => header)).toMatchObject([
      { id: first, stream: 'web', source: 'agent', count: 2, indexes: 'x' },
      { id: nthBlockId(first!, 1), stream: 'audit', count: 1, offset: 1 },
      { id: nthBlockId(first!, 2), stream: 'web', count: 9_000, dropped: 'noise' },
    ]);
    expect(blocks.map(textOf)).toEqual(['other\n', 'a\nc\n', 'b\n', '']);
    expect(places[1]).toEqual({ kind: 'placed', first, blocks: 3, firstRow: 0, lastRow: 9_002 });
  });

  it('or all one way, to where they are dropped, shares a block with others of that policy only', async () => {
    const gone = { body: Buffer.alloc(0), dropped: 'noise' };
    const { blocks, places } = await gather(
      ...[request('1\n'), request('', { ...gone, count: 2 }), request('', { ...gone, count: 1 })],
      ...[request('', { ...gone, dropped: 'debug', count: 1 }), request('', { ...gone, count: 9_000 })],
    );
    const shown = blocks.map(({ header, body }) => [header.dropped, header.count, body.length]);
    expect(shown).toEqual([
      [undefined, 1, 2],
      ['noise', 3, 0],
      ['debug', 1, 0],
      ['noise', 9_000, 0],
    ]);
    expect(places[2]).toMatchObject({ blocks: 1, firstRow: 2, lastRow: 2 });
  });
});

describe('a request with an idempotency key', () => {
  const idempotency = { key: 'default/k', bodyHash: 'h', expiresAt: 9 };

  it('shares no block, and its answer is made from its place', async () => {
    const makeAnswer: GatherRequest['makeAnswer'] = (place) =>
      `${place.first}.${place.firstRow}-${place.lastRow}`;
    const { bus, places } = await gather(
      request('a\n'),
      request('b\nc\n', { idempotency, makeAnswer }),
      request('d\n'),
    );
    const [shared, own] = bus.published[0] ?? [];
    expect(shared?.blocks.map(textOf)).toEqual(['a\nd\n']);
    expect(own?.blocks.map(textOf)).toEqual(['b\nc\n']);
    const first = own?.blocks[0]?.header.id;
    expect(own?.idempotency).toEqual({ ...idempotency, answer: `${first}.0-1` });
    expect(places[1]).toEqual({ kind: 'placed', first, blocks: 1, firstRow: 0, lastRow: 1 });
  });

  it('hears that it was a repeat', async () => {
    const bus = new ScriptedBus();
    const append = new BlockGatherer(bus).append(request('a\n', { idempotency }));
    await turn();
    const repeated = { kind: 'repeated', bodyHash: 'h', answer: 'receipt' } as const;
    bus.answers[0]?.([repeated]);
    expect(await append).toEqual(repeated);
  });
});

describe('a bus that refuses', () => {
  it('refuses all requests of that publish, and the next is tried', async () => {
    const bus = new ScriptedBus();
    const gatherer = new BlockGatherer(bus);
    const refused = Promise.allSettled([gatherer.append(request('1\n')), gatherer.append(request('2\n'))]);
    await turn();
    const full = new EventBusError('bus_full', 'no room');
    bus.refusals[0]?.(full);
    expect(await refused).toEqual([
      { status: 'rejected', reason: full },
      { status: 'rejected', reason: full },
    ]);
    const next = gatherer.append(request('3\n'));
    await turn();
    bus.answers[1]?.();
    expect(await next).toMatchObject({ kind: 'placed', firstRow: 0 });
  });
});
