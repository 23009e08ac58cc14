import { Counter, Gauge, type Registry } from 'prom-client';
import type { Enrichments } from './enrichments.js';

const OUTCOMES = ['found', 'missed', 'failed'] as const;

/** Metrics of the enrichments, read from their counters when they are collected. */
export function addEnrichmentMetrics(registry: Registry, enrichments: Pick<Enrichments, 'watched'>): void {
  void new Counter({
    name: 'alluvium_enrichment_events_total',
    help: 'Events whose field an enrichment looked up, by outcome: failed ones went on without.',
    labelNames: ['tenant', 'enrichment', 'outcome'],
    registers: [registry],
    collect(this: Counter<'tenant' | 'enrichment' | 'outcome'>) {
      this.reset();
      for (const { tenant, name, status } of enrichments.watched())
        for (const outcome of OUTCOMES)
          this.inc({ tenant, enrichment: name, outcome }, status.counts[outcome]);
    },
  });
  void new Gauge({
    name: 'alluvium_enrichment_up',
    help: '1 where the newest data of an enrichment is in use, 0 where it can not be opened.',
    labelNames: ['tenant', 'enrichment'],
    registers: [registry],
    collect(this: Gauge<'tenant' | 'enrichment'>) {
      this.reset();
      for (const { tenant, name, status } of enrichments.watched())
        this.set({ tenant, enrichment: name }, Number(status.state === 'ready' && !status.trouble));
    },
  });
}
