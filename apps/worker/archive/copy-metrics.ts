import { Counter, type Registry } from 'prom-client';

/** How copies into the archive went. */
export class CopyMetrics {
  readonly #copies: Counter<'outcome'>;

  constructor(registry: Registry) {
    this.#copies = new Counter({
      name: 'alluvium_archive_copies_total',
      help: 'Days that were to be copied into the archive: copied, not_copied, or damaged where other bytes were read back.',
      labelNames: ['outcome'],
      registers: [registry],
    });
    for (const outcome of ['copied', 'not_copied', 'damaged']) this.#copies.inc({ outcome }, 0);
  }

  readonly counted = (outcome: 'copied' | 'not_copied' | 'damaged'): void => this.#copies.inc({ outcome });
}
