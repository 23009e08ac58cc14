import type { ArchiveStorage } from '../archive-storage.port.js';
import { CheckedStorage } from '../checked-storage.js';
import type { ArchiveStorageHarness } from './contract-case.js';
import { MemoryStore } from './memory-store.js';

/** A storage in memory. */
export async function startMemoryHarness(): Promise<ArchiveStorageHarness> {
  const objects = new Map<string, Buffer>();
  const open = (): ArchiveStorage => new CheckedStorage(new MemoryStore(objects));
  const storage = open();
  return {
    storage,
    crash: async () => open(),
    leftovers: async () => 0,
    stop: () => storage.stop(),
  };
}
