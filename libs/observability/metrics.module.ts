import { Module, type DynamicModule } from '@nestjs/common';
import { collectDefaultMetrics, Registry } from 'prom-client';

/** Token of the process's prom-client `Registry`; every part registers its metrics there. */
export const METRICS = Symbol('METRICS');

/** Of prom-client's own metrics those that are gauges under a name of counters, which Prometheus' linter refuses. */
const MISNAMED = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];

/** Makes the registry of one process, with the process's own metrics (CPU, memory, event loop, garbage collection). */
export function createMetrics(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
  return registry;
}

/** Provides {@link METRICS} to every module. */
@Module({})
export class MetricsModule {
  /** @param registry one made before, for parts that are not made by the framework. */
  static forRoot(registry: Registry = createMetrics()): DynamicModule {
    return {
      module: MetricsModule,
      global: true,
      providers: [{ provide: METRICS, useValue: registry }],
      exports: [METRICS],
    };
  }
}
