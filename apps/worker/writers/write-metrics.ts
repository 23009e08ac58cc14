import { Counter, Histogram, type Registry } from 'prom-client';

/** Seconds; 0.2 is what a batch should take at most, 0.5 what an alert begins at. */
const WRITE_BUCKETS = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30];

/** Runs one try to store a batch on a tier; fails as it does. */
export type TimedWrite = <T>(tier: string, write: () => Promise<T>) => Promise<T>;

/** How long batches take to be stored, and how often that fails. */
export class WriteMetrics {
  readonly #seconds: Histogram<'tier'>;
  readonly #failures: Counter<'tier'>;

  constructor(registry: Registry) {
    const common = { labelNames: ['tier'] as const, registers: [registry] };
    this.#seconds = new Histogram({
      ...common,
      name: 'alluvium_tier_write_seconds',
      help: 'How long a try to store a batch on the tier takes, reading back included, also one that fails.',
      buckets: WRITE_BUCKETS,
    });
    this.#failures = new Counter({
      ...common,
      name: 'alluvium_tier_write_failures_total',
      help: 'Tries to store a batch that failed; each is tried again.',
    });
  }

  readonly timed: TimedWrite = async (tier, write) => {
    const observe = this.#seconds.startTimer({ tier });
    try {
      return await write();
    } catch (error) {
      this.#failures.inc({ tier });
      throw error;
    } finally {
      observe();
    }
  };
}
