import { NOTHING_MOVED, type MoveOrder, type MoveReport } from '../quarantine/move-order.js';

/** Remembers what it was told to move, and answers as a test says. */
export class FakeMover {
  readonly orders: MoveOrder[] = [];
  settled = 0;
  report: MoveReport = NOTHING_MOVED;
  /** Awaited before an order is answered; what it throws, the mover throws. */
  during: () => Promise<void> = async () => {};

  async run(order: MoveOrder): Promise<MoveReport> {
    this.orders.push(order);
    await this.during();
    return this.report;
  }

  async settle(): Promise<void> {
    this.settled += 1;
  }
}
