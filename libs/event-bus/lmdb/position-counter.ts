import type { BusStores } from './bus-stores.js';

const POSITION = 'position';

/** Positions rise for ever, also where the log is empty at a restart. */
export class PositionCounter {
  private last = 0;
  private written = 0;

  startAfter(last: number): void {
    this.last = last;
    this.written = last;
  }

  next(): number {
    this.last += 1;
    return this.last;
  }

  begin(): void {
    this.written = this.last;
  }

  flush(stores: BusStores): void {
    if (this.last > this.written) void stores.state.put(POSITION, [this.last]);
  }
}

/** The last position that a commit of this log gave away. */
export function lastPosition(stores: BusStores): number {
  return stores.state.get(POSITION)?.[0] ?? 0;
}
