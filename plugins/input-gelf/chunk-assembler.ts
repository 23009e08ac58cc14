/** Magic bytes, id (8), number and count: what stands before each chunk. */
const HEADER_BYTES = 12;
const MAX_CHUNKS = 128;
/** Milliseconds after the first chunk in which all must have come. */
const WITHIN_MS = 5_000;

/** What became of a chunk. */
export type ChunkOutcome =
  | { readonly kind: 'whole'; readonly payload: Uint8Array }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'dropped'; readonly reason: 'chunk_invalid' | 'chunks_full' };

interface Incomplete {
  readonly startedAt: number;
  readonly parts: (Uint8Array | undefined)[];
  missing: number;
  bytes: number;
}

const WAITING: ChunkOutcome = { kind: 'waiting' };
const INVALID: ChunkOutcome = { kind: 'dropped', reason: 'chunk_invalid' };
const FULL: ChunkOutcome = { kind: 'dropped', reason: 'chunks_full' };

/** Whether a datagram is a chunk of a message. */
export function isChunk(datagram: Uint8Array): boolean {
  return datagram[0] === 0x1e && datagram[1] === 0x0f;
}

/**
 * Puts chunked messages together (GELF by UDP: at most 128 chunks, within 5 seconds). Messages of different senders don't
 * mix. What is incomplete stays within a bound: one chunk more is dropped.
 */
export class ChunkAssembler {
  readonly #incomplete = new Map<string, Incomplete>();
  #bytes = 0;

  constructor(
    private readonly maxBytes: number,
    private readonly now: () => number = Date.now,
  ) {}

  /** @param sender address of who sent the datagram */
  add(datagram: Uint8Array, sender: string): ChunkOutcome {
    const [number, count] = [datagram[10] ?? 0, datagram[11] ?? 0];
    const isOne = datagram.length > HEADER_BYTES && count > 0 && count <= MAX_CHUNKS && number < count;
    if (!isOne) return INVALID;
    const part = datagram.subarray(HEADER_BYTES);
    if (count === 1) return { kind: 'whole', payload: part };
    const key = `${sender} ${Buffer.from(datagram.subarray(2, 10)).toString('hex')}`;
    const known = this.#incomplete.get(key);
    if (known && known.parts.length !== count) return INVALID;
    if (known?.parts[number]) return WAITING;
    if (this.#bytes + part.length > this.maxBytes) return FULL;
    const message = known ?? this.#begin(key, count);
    this.#keep(message, number, part);
    if (message.missing > 0) return WAITING;
    this.#forget(key, message);
    return { kind: 'whole', payload: Buffer.concat(message.parts as Uint8Array[]) };
  }

  /** Forgets messages whose time is over; answers how many. */
  expire(): number {
    let expired = 0;
    for (const [key, message] of this.#incomplete) {
      if (this.now() - message.startedAt < WITHIN_MS) break;
      this.#forget(key, message);
      expired += 1;
    }
    return expired;
  }

  /** Messages that are incomplete. */
  get size(): number {
    return this.#incomplete.size;
  }

  #begin(key: string, count: number): Incomplete {
    const parts = Array.from<Uint8Array | undefined>({ length: count });
    const begun = { startedAt: this.now(), parts, missing: count, bytes: 0 };
    this.#incomplete.set(key, begun);
    return begun;
  }

  #keep(message: Incomplete, number: number, part: Uint8Array): void {
    message.parts[number] = part;
    message.missing -= 1;
    message.bytes += part.length;
    this.#bytes += part.length;
  }

  #forget(key: string, message: Incomplete): void {
    this.#incomplete.delete(key);
    this.#bytes -= message.bytes;
  }
}
