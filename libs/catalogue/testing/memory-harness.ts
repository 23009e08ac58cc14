import type { Catalogue } from '../catalogue.port.js';
import type { CatalogueHarness } from './contract-case.js';
import type { MemoryDisk } from './memory-catalogue.js';

/** A harness around a catalogue in memory; `make` opens one over what the last one left. */
export async function startMemoryHarness(make: (disk: MemoryDisk) => Catalogue): Promise<CatalogueHarness> {
  const disk: MemoryDisk = new Map();
  const opened = [make(disk)] as [Catalogue, ...Catalogue[]];
  return {
    catalogue: opened[0],
    async crash() {
      opened.push(make(disk));
      return opened.at(-1) ?? opened[0];
    },
    async damage(collection, id, text) {
      disk.get(collection)?.set(id, { version: 1, text });
      opened.push(make(disk));
      return opened.at(-1) ?? opened[0];
    },
    async stop() {
      await Promise.all(opened.map((catalogue) => catalogue.stop()));
    },
  };
}
