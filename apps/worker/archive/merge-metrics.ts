import { Counter, type Registry } from 'prom-client';
import type { UnitMerging } from './unit-compactor.js';

/** How merging small files of the archive went. */
export class MergeMetrics {
  readonly #merges: Counter<'outcome'>;
  readonly #files: Counter;

  constructor(registry: Registry) {
    this.#merges = new Counter({
      name: 'alluvium_archive_merges_total',
      help: 'Days whose small files in the archive were to be merged: merged, held, changed, refused, or damaged where a file is not what was put there.',
      labelNames: ['outcome'],
      registers: [registry],
    });
    this.#files = new Counter({
      name: 'alluvium_archive_merged_files_total',
      help: 'Small files of the archive whose events are in a merged one.',
      registers: [registry],
    });
    for (const outcome of ['merged', 'held', 'changed', 'refused', 'damaged'])
      this.#merges.inc({ outcome }, 0);
  }

  counted(merging: UnitMerging, files: number): void {
    const isMerged = merging.outcome === 'merged';
    this.#merges.inc({ outcome: isMerged ? 'merged' : merging.why });
    if (isMerged) this.#files.inc(files);
  }
}
