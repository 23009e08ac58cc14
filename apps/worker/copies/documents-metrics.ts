import { Counter, Gauge, type Registry } from 'prom-client';
import type { Behind } from './due-copier.js';

/** How far copies in the other store are behind, and what of them had to be mended. */
export class DocumentsMetrics {
  readonly #mended: Counter;

  constructor(registry: Registry, behind: () => Behind, now: () => number = Date.now) {
    void new Gauge({
      name: 'alluvium_documents_copies_due',
      help: 'Changes of tables that the copies in MongoDB do not have yet, as the process knows that copies.',
      registers: [registry],
      collect() {
        this.set(behind().due);
      },
    });
    void new Gauge({
      name: 'alluvium_documents_copies_oldest_seconds',
      help: 'How long the oldest change of tables waits to be copied into MongoDB.',
      registers: [registry],
      collect() {
        const { oldest } = behind();
        this.set(oldest === undefined ? 0 : Math.max(0, (now() - oldest) / 1_000));
      },
    });
    this.#mended = new Counter({
      name: 'alluvium_documents_mended_total',
      help: 'Events that were missing in a copy in MongoDB, or too many there, when it was compared with its tables.',
      registers: [registry],
    });
  }

  mended(events: number): void {
    this.#mended.inc(events);
  }
}
