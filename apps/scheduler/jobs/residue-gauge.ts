import { Inject, Injectable } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';
import { ResidueMeter } from '#ledger';
import { METRICS } from '#observability';

/** The metric `alluvium_ledger_residue_events`, by tenant. */
@Injectable()
export class ResidueGauge {
  private readonly gauge: Gauge<'tenant'>;

  constructor(
    @Inject(METRICS) metrics: Registry,
    private readonly meter: ResidueMeter,
  ) {
    this.gauge = new Gauge({
      name: 'alluvium_ledger_residue_events',
      help: 'Events that were acknowledged and are neither stored nor refused nor pending; 0 is healthy.',
      labelNames: ['tenant'],
      registers: [metrics],
    });
  }

  async set(tenants: Iterable<string>): Promise<void> {
    for (const tenant of tenants) this.gauge.set({ tenant }, await this.meter.measure(tenant));
  }
}
