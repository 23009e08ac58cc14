import { Inject, Injectable } from '@nestjs/common';
import { EVENT_BUS, type InspectableEventBus } from '#event-bus';
import { BlockOutcomes, LedgerFolder } from '#ledger';
import { StreamRegistry } from '#storage-tier';

/** Forgets what is only kept for a while: idempotency keys, the details behind receipts, old minutes of the ledger. */
@Injectable()
export class ExpiryJob {
  constructor(
    @Inject(EVENT_BUS) private readonly bus: InspectableEventBus,
    private readonly outcomes: BlockOutcomes,
    private readonly folder: LedgerFolder,
    private readonly streams: StreamRegistry,
  ) {}

  /** @param nowMs milliseconds since the epoch */
  async run(nowMs: number = Date.now()): Promise<void> {
    await this.outcomes.expire(nowMs);
    const tenants = await this.streams.tenants();
    // The bus may forget received counts only when they are in the ledger's totals.
    const foldedBefore = await this.folder.fold([...tenants], nowMs);
    await this.bus.expire(nowMs, foldedBefore);
  }
}
