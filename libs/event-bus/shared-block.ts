import { BLOCK_MAX_BYTES, BLOCK_MAX_EVENTS, type Block, type BlockId } from '#event-model';
import type { GatherRequest } from './gather-request.js';

/** A block that small requests of one kind share: their bytes one after the other. */
export class SharedBlock {
  readonly id: BlockId;
  private readonly first: GatherRequest;
  private readonly parts: Uint8Array[] = [];
  private bytes = 0;
  private count = 0;

  constructor(id: BlockId, first: GatherRequest) {
    this.id = id;
    this.first = first;
  }

  hasRoomFor(request: GatherRequest): boolean {
    const bytes = this.bytes + request.body.byteLength;
    return bytes <= BLOCK_MAX_BYTES && this.count + request.count <= BLOCK_MAX_EVENTS;
  }

  /** Returns the row of the request's first event. */
  add(request: GatherRequest): number {
    const firstRow = this.count;
    this.parts.push(request.body);
    this.bytes += request.body.byteLength;
    this.count += request.count;
    return firstRow;
  }

  /** Received when its first request was. */
  toBlock(): Block {
    const [only] = this.parts;
    const body = only && this.parts.length === 1 ? only : Buffer.concat(this.parts, this.bytes);
    return { header: headerOf(this.first, this.id, this.count), body };
  }
}

/** What a block says of the request it came with. */
export function headerOf(request: GatherRequest, id: BlockId, count: number): Block['header'] {
  const { tenant, stream, source, format, parser, zone, receivedAt, dropped, traceparent } = request;
  return {
    id,
    tenant,
    stream,
    source,
    format,
    ...(parser !== undefined && { parser }),
    ...(zone !== undefined && { zone }),
    receivedAt,
    count,
    ...(dropped !== undefined && { dropped }),
    ...(traceparent !== undefined && { traceparent }),
  };
}
