import { Gauge, type Registry } from 'prom-client';
import type { ArchivedStream, DamagedObjects } from '#archived-units';

/** The metric `alluvium_archive_damaged_objects`, by tenant. */
export class DamageGauge {
  readonly #gauge: Gauge<'tenant'>;

  constructor(metrics: Registry) {
    this.#gauge = new Gauge({
      name: 'alluvium_archive_damaged_objects',
      help: 'Objects of the archive that are missing, not what was put there, or encrypted with a key that is not set.',
      labelNames: ['tenant'],
      registers: [metrics],
    });
  }

  async set(streams: readonly ArchivedStream[], damaged: Pick<DamagedObjects, 'of'>): Promise<void> {
    const counts = new Map<string, number>();
    for (const of of streams)
      counts.set(of.tenant, (counts.get(of.tenant) ?? 0) + (await damaged.of(of)).length);
    for (const [tenant, count] of counts) this.#gauge.set({ tenant }, count);
  }
}
