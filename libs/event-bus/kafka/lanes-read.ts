import type { BusStores } from '../lmdb/bus-stores.js';

const READ = 'read/';

/**
 * How far each partition was read: whatever is below its mark has been taken into the index. A mark moves when the commit that
 * takes those records is durable, together with the records, and not at all where that fails.
 */
export class LanesRead {
  private readonly marks = new Map<number, number>();
  /** Of the commit under way. */
  private readonly ahead = new Map<number, number>();

  load({ state }: BusStores): void {
    for (const { key, value } of state.getRange({ start: READ, end: `${READ}~` }))
      this.marks.set(Number(key.slice(READ.length)), value[0] ?? 0);
  }

  of(lane: number): number {
    return this.marks.get(lane) ?? 0;
  }

  /** Whether a record was taken before, or is with the commit under way. */
  knows(lane: number, offset: number): boolean {
    return offset < Math.max(this.of(lane), this.ahead.get(lane) ?? 0);
  }

  begin(): void {
    this.ahead.clear();
  }

  /** Into the commit under way: a mark never goes back. */
  advance(lane: number, mark: number): void {
    if (!this.knows(lane, mark - 1)) this.ahead.set(lane, mark);
  }

  flush({ state }: BusStores): void {
    for (const [lane, mark] of this.ahead) void state.put(`${READ}${lane}`, [mark]);
  }

  /** The commit is durable. */
  reach(lane: number, mark: number): void {
    if (mark > this.of(lane)) this.marks.set(lane, mark);
  }
}
