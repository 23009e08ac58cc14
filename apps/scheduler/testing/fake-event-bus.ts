import type { ExpiredCounts, InspectableEventBus, ReceivedCount } from '#event-bus';

type LedgerSide = Pick<InspectableEventBus, 'received' | 'pending' | 'expire'>;

/** The counts of a bus, set by hand; nothing is ever pending. */
export class FakeEventBus implements LedgerSide {
  /** Arguments of each call of `expire`. */
  readonly expired: { readonly nowMs: number; readonly countsBefore: number }[] = [];

  constructor(public counts: readonly ReceivedCount[] = []) {}

  async received(fromMinute: number, toMinute: number): Promise<readonly ReceivedCount[]> {
    return this.counts.filter(({ minute }) => minute >= fromMinute && minute <= toMinute);
  }

  async pending(): Promise<readonly ReceivedCount[]> {
    return [];
  }

  async expire(nowMs: number, countsBefore: number): Promise<ExpiredCounts> {
    this.expired.push({ nowMs, countsBefore });
    this.counts = this.counts.filter(({ minute }) => minute >= countsBefore);
    return { idempotencyKeys: 0, receivedCounts: 0 };
  }
}
