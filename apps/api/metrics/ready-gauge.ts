import { Inject, Injectable } from '@nestjs/common';
import { Gauge, type Registry } from 'prom-client';
import { HealthState, METRICS } from '#observability';

/** Readiness as a figure, for alerts. */
@Injectable()
export class ReadyGauge {
  constructor(@Inject(METRICS) registry: Registry, @Inject(HealthState) health: HealthState) {
    void new Gauge({
      name: 'alluvium_ready',
      help: '1 where /health/ready answers 200: events are taken; else 0.',
      registers: [registry],
      async collect(this: Gauge) {
        const reports = await health.ready();
        this.set([...reports.values()].every(({ status }) => status !== 'down') ? 1 : 0);
      },
    });
  }
}
