import type {
  ArchiveStorage,
  ListedObject,
  ListOptions,
  ObjectHead,
  PutOptions,
  ReadOptions,
} from '../archive-storage.port.js';
import type { ObjectContent } from '../object-content.js';

/** Does what another storage does: what seeded bugs change a little. */
export class ForwardingStorage implements ArchiveStorage {
  constructor(protected readonly right: ArchiveStorage) {}

  put(key: string, content: ObjectContent, options?: PutOptions): Promise<{ readonly added: boolean }> {
    return this.right.put(key, content, options);
  }
  get(key: string, options?: ReadOptions): Promise<AsyncIterable<Uint8Array>> {
    return this.right.get(key, options);
  }
  head(key: string): Promise<ObjectHead | undefined> {
    return this.right.head(key);
  }
  list(prefix: string, options?: ListOptions): Promise<readonly ListedObject[]> {
    return this.right.list(prefix, options);
  }
  delete(key: string): Promise<void> {
    return this.right.delete(key);
  }
  setHold(key: string, isHeld: boolean): Promise<boolean> {
    return this.right.setHold(key, isHeld);
  }
  check(): Promise<void> {
    return this.right.check();
  }
  stop(): Promise<void> {
    return this.right.stop();
  }
}
