/** Offsets from the first to the last, both inclusive. */
export type OffsetRange = readonly [first: number, last: number];

/** Which records of a partition are done, as it is kept: all below `low`, and those in the ranges. */
export interface KeptOffsets {
  readonly low: number;
  readonly done: readonly OffsetRange[];
}

/** Which records of a partition need never be delivered again. */
export class DoneOffsets {
  private low: number;
  private readonly above = new Set<number>();

  constructor({ low, done }: KeptOffsets) {
    this.low = low;
    for (const [first, last] of done) for (let at = first; at <= last; at += 1) this.above.add(at);
  }

  has(offset: number): boolean {
    return offset < this.low || this.above.has(offset);
  }

  add(offsets: Iterable<number>): void {
    for (const offset of offsets) if (offset >= this.low) this.above.add(offset);
  }

  /** Says that all below an offset is done. */
  raise(low: number): void {
    if (low <= this.low) return;
    this.low = low;
    for (const offset of this.above) if (offset < low) this.above.delete(offset);
  }

  keep(): KeptOffsets {
    const done: [number, number][] = [];
    for (const offset of [...this.above].sort((a, b) => a - b)) {
      const last = done.at(-1);
      if (last && last[1] === offset - 1) last[1] = offset;
      else done.push([offset, offset]);
    }
    return { low: this.low, done };
  }
}
