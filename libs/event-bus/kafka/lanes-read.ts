import type { BusStores } from '../lmdb/bus-stores.js';

const READ = 'read/';

/** How far each partition was read: whatever is below its mark has been taken into the index. */
export class LanesRead {
  private readonly marks = new Map<number, number>();

  load({ state }: BusStores): void {
    for (const { key, value } of state.getRange({ start: READ, end: `${READ}~` }))
      this.marks.set(Number(key.slice(READ.length)), value[0] ?? 0);
  }

  of(lane: number): number {
    return this.marks.get(lane) ?? 0;
  }

  /** A mark never goes back. */
  advance(lane: number, mark: number): void {
    if (mark > this.of(lane)) this.marks.set(lane, mark);
  }

  /** Into every commit: a block that is taken out of the index must be below a mark that is as durable. */
  flush({ state }: BusStores): void {
    for (const [lane, mark] of this.marks) void state.put(`${READ}${lane}`, [mark]);
  }
}
