import type { ArchivedUnit } from '#archived-units';
import type { UnitMerging } from './unit-compactor.js';

/** What came of merging small files. */
export class MergeTally {
  #merges = 0;
  #units = 0;
  #events = 0;
  #bytesBefore = 0;
  #bytes = 0;
  /** Days that stayed as they are, by why. */
  readonly #stayed = new Map<string, number>();

  add(units: readonly ArchivedUnit[], merging: UnitMerging): void {
    if (merging.outcome === 'not_merged')
      return void this.#stayed.set(merging.why, (this.#stayed.get(merging.why) ?? 0) + 1);
    this.#merges += 1;
    this.#units += units.length;
    this.#bytes += merging.bytes;
    for (const { events, files } of units) {
      this.#events += events;
      this.#bytesBefore += files.reduce((sum, { bytes }) => sum + bytes, 0);
    }
  }

  /** For people. */
  note(): string {
    const done = `${this.#units} files merged into ${this.#merges}: ${this.#events} events, ${this.#bytes} bytes of ${this.#bytesBefore}`;
    const stayed = [...this.#stayed].map(([why, days]) => `${days} stayed as they are (${why})`);
    return [done, ...stayed].join('; ');
  }
}
