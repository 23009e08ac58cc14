import type { ArchiveStorage } from '../archive-storage.port.js';
import { CheckedStorage } from '../checked-storage.js';
import type { ArchiveStorageHarness } from './contract-case.js';
import { MemoryStore } from './memory-store.js';

/** A storage over objects in memory, for tests of what stands on the port. */
export class MemoryStorage extends CheckedStorage {
  constructor(objects: Map<string, Buffer>) {
    super(new MemoryStore(objects));
  }
}

/** The same, to be held to the contract. */
export async function startMemoryHarness(): Promise<ArchiveStorageHarness> {
  const objects = new Map<string, Buffer>();
  const open = (): ArchiveStorage => new MemoryStorage(objects);
  const storage = open();
  return {
    storage,
    crash: async () => open(),
    leftovers: async () => 0,
    stop: () => storage.stop(),
  };
}
