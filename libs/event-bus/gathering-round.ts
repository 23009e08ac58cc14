import { BLOCK_MAX_BYTES, BLOCK_MAX_EVENTS, nthBlockId, type Block, type BlockId } from '#event-model';
import type { GatherRequest, Placed, RequestPart, RoundPlace } from './gather-request.js';
import { cutIntoBlocks } from './block-cutter.js';
import type { PublishBatch } from './event-bus.port.js';
import { headerOf, SharedBlock } from './shared-block.js';

interface OpenBlock {
  readonly block: SharedBlock;
  readonly batch: number;
}

/** The requests of one publish, laid out in blocks. */
export class GatheringRound {
  private readonly made: (() => PublishBatch)[] = [];
  private readonly open = new Map<string, OpenBlock>();
  private readonly nextId: () => BlockId;

  constructor(nextId: () => BlockId) {
    this.nextId = nextId;
  }

  add(request: GatherRequest): RoundPlace {
    const isLarge = request.body.byteLength > BLOCK_MAX_BYTES || request.count > BLOCK_MAX_EVENTS;
    const isAlone = isLarge || request.idempotency !== undefined || request.parts !== undefined;
    return isAlone ? this.addAlone(request) : this.addShared(request);
  }

  batches(): readonly PublishBatch[] {
    return this.made.map((make) => make());
  }

  private addShared(request: GatherRequest): RoundPlace {
    const { block, batch } = this.openBlock(request);
    const firstRow = block.add(request);
    return { placed: place(block.id, 1, firstRow, request.count), batch };
  }

  private openBlock(request: GatherRequest): OpenBlock {
    const { tenant, stream, source, format, parser = '', zone = '', dropped = '' } = request;
    const of = request.peer === undefined ? '' : 'peers';
    const kind = `${tenant}/${stream}/${source}/${format}/${parser}/${zone}/${dropped}/${of}`;
    const current = this.open.get(kind);
    if (current?.block.hasRoomFor(request)) return current;
    const block = new SharedBlock(this.nextId(), request);
    const opened = { block, batch: this.made.push(() => ({ blocks: [block.toBlock()] })) - 1 };
    this.open.set(kind, opened);
    return opened;
  }

  private addAlone(request: GatherRequest): RoundPlace {
    const blocks = blocksOf(request, this.nextId());
    const placed = place(blocks[0]?.header.id ?? this.nextId(), blocks.length, 0, request.count);
    const batch = { blocks, ...idempotencyOf(request, placed) };
    return { placed, batch: this.made.push(() => batch) - 1 };
  }
}

function blocksOf(request: GatherRequest, first: BlockId): readonly Block[] {
  if (request.parts)
    return request.parts.map((part, nth) => blockOfPart(request, part, nthBlockId(first, nth)));
  // Events without bytes need no cut.
  if (request.dropped !== undefined)
    return [{ header: headerOf(request, first, request.count), body: request.body }];
  return cut(request, first);
}

function blockOfPart(request: GatherRequest, { body, ...part }: RequestPart, id: BlockId): Block {
  const { offset, indexes, count } = part;
  const header = headerOf({ ...request, ...part }, id, count);
  return {
    header: { ...header, ...(offset !== undefined && { offset }), ...(indexes !== undefined && { indexes }) },
    body,
  };
}

function cut(request: GatherRequest, first: BlockId): readonly Block[] {
  let offset = 0;
  return cutIntoBlocks(request.body, request.count).map(({ body, count }, nth) => {
    const header = headerOf(request, nthBlockId(first, nth), count);
    const block = { header: offset === 0 ? header : { ...header, offset }, body };
    offset += count;
    return block;
  });
}

function place(first: BlockId, blocks: number, firstRow: number, count: number): Placed {
  return { kind: 'placed', first, blocks, firstRow, lastRow: firstRow + count - 1 };
}

function idempotencyOf(
  { idempotency, makeAnswer }: GatherRequest,
  placed: Placed,
): Pick<PublishBatch, 'idempotency'> {
  return idempotency ? { idempotency: { ...idempotency, answer: makeAnswer?.(placed) ?? '' } } : {};
}
