import { Injectable } from '@nestjs/common';
import { Reconciler } from '#ledger';
import { StreamRegistry, TierRegistry } from '#storage-tier';
import { ResidueGauge } from './residue-gauge.js';

/** Holds the ledger against the tables, and shows each tenant's residue as a metric. */
@Injectable()
export class LedgerReconciliationJob {
  constructor(
    private readonly streams: StreamRegistry,
    private readonly tiers: TierRegistry,
    private readonly reconciler: Reconciler,
    private readonly residue: ResidueGauge,
  ) {}

  /** One turn; a tenant's residue is set also where the tables could not be counted. */
  async run(signal: AbortSignal): Promise<void> {
    const streams = await this.streams.list();
    try {
      await this.reconciler.reconcile(streams, this.tiers.primary, signal);
    } finally {
      await this.residue.set(await this.streams.tenants());
    }
  }
}
