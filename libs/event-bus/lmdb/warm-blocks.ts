import type { Block } from '#event-model';

/**
 * Blocks that were just published and wait for their consumer, as they came: a consumer that keeps pace gets the bytes
 * without a read, a copy or a checksum. What doesn't fit is read from the log.
 */
export class WarmBlocks {
  private readonly blocks = new Map<number, Block>();
  private bytes = 0;
  private readonly limit: number;

  constructor(limitBytes: number) {
    this.limit = limitBytes;
  }

  /** Charged with the whole buffer that the body is a part of, since that is what stays in memory. */
  keep(position: number, block: Block): void {
    const bytes = block.body.buffer.byteLength;
    if (this.bytes + bytes > this.limit) return;
    this.bytes += bytes;
    this.blocks.set(position, block);
  }

  take(position: number): Block | undefined {
    const block = this.blocks.get(position);
    if (!block) return undefined;
    this.blocks.delete(position);
    this.bytes -= block.body.buffer.byteLength;
    return block;
  }
}
