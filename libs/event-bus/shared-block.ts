import { BLOCK_MAX_BYTES, BLOCK_MAX_EVENTS, type Block, type BlockId, type PeerRun } from '#event-model';
import type { GatherRequest } from './gather-request.js';

/** Changes of the peer that a block's header has room for. */
const MOST_PEER_RUNS = 1_000;

/** A block that small requests of one kind share: their bytes one after the other. */
export class SharedBlock {
  readonly id: BlockId;
  private readonly first: GatherRequest;
  private readonly parts: Uint8Array[] = [];
  private bytes = 0;
  private count = 0;
  private readonly peers: PeerRun[] = [];

  constructor(id: BlockId, first: GatherRequest) {
    this.id = id;
    this.first = first;
  }

  hasRoomFor(request: GatherRequest): boolean {
    const bytes = this.bytes + request.body.byteLength;
    const count = this.count + request.count;
    return bytes <= BLOCK_MAX_BYTES && count <= BLOCK_MAX_EVENTS && this.peers.length < MOST_PEER_RUNS;
  }

  /** Returns the row of the request's first event. */
  add(request: GatherRequest): number {
    const firstRow = this.count;
    this.parts.push(request.body);
    this.bytes += request.body.byteLength;
    this.count += request.count;
    if (request.peer !== undefined) this.addPeer(request.peer, request.count);
    return firstRow;
  }

  /** Received when its first request was. */
  toBlock(): Block {
    const [only] = this.parts;
    const body = only && this.parts.length === 1 ? only : Buffer.concat(this.parts, this.bytes);
    const header = headerOf(this.first, this.id, this.count);
    return { header: this.peers.length === 0 ? header : { ...header, peers: this.peers }, body };
  }

  private addPeer(peer: string, rows: number): void {
    const [address, before = 0] = this.peers.at(-1) ?? [];
    if (address === peer) this.peers[this.peers.length - 1] = [peer, before + rows];
    else this.peers.push([peer, rows]);
  }
}

/** What a block says of the request it came with. */
export function headerOf(request: GatherRequest, id: BlockId, count: number): Block['header'] {
  const { tenant, stream, source, format, parser, zone, receivedAt, dropped, traceparent } = request;
  const { peer } = request;
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
    ...(peer !== undefined && { peers: [[peer, count]] }),
    ...(dropped !== undefined && { dropped }),
    ...(traceparent !== undefined && { traceparent }),
  };
}
