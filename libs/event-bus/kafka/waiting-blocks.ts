import { PendingBlocks, type PendingBlock } from '../lmdb/pending-blocks.js';

/** Where a block lies, and the number under which the index has it. */
export interface Waiting {
  readonly lane: number;
  readonly offset: number;
  readonly block: PendingBlock;
}

/** Ids of blocks that were taken out last: a write that was tried twice may turn up again behind them. */
export const DONE_IDS_KEPT = 10_000;

/** The blocks that wait, by partition and offset. */
export class WaitingBlocks {
  readonly pending = new PendingBlocks();
  private readonly lanes = new Map<number, Map<number, Waiting>>();
  private readonly ids = new Set<string>();
  private readonly done = new Set<string>();

  add(waiting: Waiting): void {
    const lane = this.lanes.get(waiting.lane) ?? new Map<number, Waiting>();
    this.lanes.set(waiting.lane, lane.set(waiting.offset, waiting));
    this.ids.add(waiting.block.id);
    this.pending.add(waiting.block);
  }

  remove({ lane, offset, block }: Waiting): void {
    this.lanes.get(lane)?.delete(offset);
    this.ids.delete(block.id);
    this.addDone(block.id);
    this.pending.remove(block.position);
  }

  at(lane: number, offset: number): Waiting | undefined {
    return this.lanes.get(lane)?.get(offset);
  }

  /** How many wait in a partition. */
  count(lane: number): number {
    return this.lanes.get(lane)?.size ?? 0;
  }

  /** Remembers the id of a block that doesn't wait any more. */
  addDone(id: string): void {
    this.done.add(id);
    const [oldest] = this.done;
    if (this.done.size > DONE_IDS_KEPT && oldest !== undefined) this.done.delete(oldest);
  }

  /** Whether the block waits, or was taken out lately. */
  hasId(id: string): boolean {
    return this.ids.has(id) || this.done.has(id);
  }

  /** The lowest offset that waits in a partition, from one on; undefined where none does. */
  lowest(lane: number, from = 0): number | undefined {
    let lowest: number | undefined;
    for (const offset of this.lanes.get(lane)?.keys() ?? [])
      if (offset >= from && (lowest === undefined || offset < lowest)) lowest = offset;
    return lowest;
  }

  /** What waits in a partition. */
  in(lane: number): readonly Waiting[] {
    return [...(this.lanes.get(lane)?.values() ?? [])];
  }

  /** What waits below an offset. */
  below(lane: number, offset: number): readonly Waiting[] {
    return [...(this.lanes.get(lane)?.values() ?? [])].filter((waiting) => waiting.offset < offset);
  }
}
