import type { RequestPart } from '#event-bus';
import { BLOCK_MAX_BYTES, BLOCK_MAX_EVENTS, RequestRows, type BlockHeader } from '#event-model';

/** What all blocks of one way have in common. */
export type PartHead = Pick<BlockHeader, 'stream' | 'parser' | 'dropped'>;

/** Gathers the lines of a body that go one way, in parts of a block's size. Neighbours are not copied. */
export class PartBuilder {
  readonly #parts: RequestPart[] = [];
  readonly #slices: Buffer[] = [];
  #rows = new RequestRows();
  #bytes = 0;
  #count = 0;
  /** Of the slice that still grows. */
  #from = 0;
  #to = 0;
  /** Events of all parts. */
  count = 0;

  constructor(
    readonly head: PartHead,
    private readonly body: Buffer,
  ) {}

  /** @param from where the line begins in the body, and `to` where the next does */
  add(row: number, from: number, to: number): void {
    this.count += 1;
    if (this.head.dropped !== undefined) return;
    if (this.#count > 0 && (this.#bytes + to - from > BLOCK_MAX_BYTES || this.#count >= BLOCK_MAX_EVENTS))
      this.#close();
    if (from !== this.#to) this.#slice();
    if (this.#from === this.#to) this.#from = from;
    this.#to = to;
    this.#rows.add(row);
    this.#bytes += to - from;
    this.#count += 1;
  }

  /** All parts; what is dropped is one, without bytes. */
  parts(): readonly RequestPart[] {
    if (this.head.dropped !== undefined) return [{ ...this.head, body: Buffer.alloc(0), count: this.count }];
    if (this.#count > 0) this.#close();
    return this.#parts;
  }

  #slice(): void {
    if (this.#to > this.#from) this.#slices.push(this.body.subarray(this.#from, this.#to));
    this.#from = this.#to;
  }

  #close(): void {
    this.#slice();
    const slices = this.#slices.splice(0);
    const body = slices.length === 1 ? (slices[0] as Buffer) : Buffer.concat(slices, this.#bytes);
    this.#parts.push({ ...this.head, body, count: this.#count, ...this.#rows.place() });
    this.#rows = new RequestRows();
    [this.#bytes, this.#count] = [0, 0];
  }
}
