import { CatalogueError, type Catalogue, type Stored } from '#catalogue';
import type { Scope } from './scopes.js';

/** The catalogue's collection of keys. */
export const KEYS = 'keys';
const PAGE = 1_000;

/** A key as people may see it; times are RFC 3339. */
export interface KeyRecord {
  readonly id: string;
  readonly name: string;
  readonly tenant: string;
  readonly scopes: readonly Scope[];
  readonly default_stream: string;
  readonly source: string;
  readonly streams?: readonly string[];
  readonly created_at: string;
  readonly expires_at?: string;
  readonly revoked_at?: string;
}

/** A key as it is stored: the hash instead of the secret. */
export interface StoredKey extends KeyRecord {
  readonly hash: string;
}

/** The keys in the catalogue. */
export class KeyStore {
  constructor(private readonly catalogue: Catalogue) {}

  async read(id: string): Promise<StoredKey | undefined> {
    return (await this.catalogue.read<StoredKey>(KEYS, id))?.value;
  }

  async isEmpty(): Promise<boolean> {
    return (await this.catalogue.scan(KEYS, { limit: 1 })).length === 0;
  }

  /** Keeps a new key; false where its id is taken. */
  async create(key: StoredKey): Promise<boolean> {
    const [outcome] = await this.catalogue.write([
      { collection: KEYS, id: key.id, value: key, ifVersion: 0 },
    ]);
    return outcome?.kind === 'written';
  }

  /** Makes a change that nobody else made meanwhile. */
  async change(id: string, next: (key: StoredKey) => StoredKey): Promise<StoredKey> {
    const found = await this.catalogue.read<StoredKey>(KEYS, id);
    if (!found) throw new CatalogueError(`The key ${id} is gone from the catalogue; list the keys again.`);
    const value = next(found.value);
    const [outcome] = await this.catalogue.write([{ collection: KEYS, id, value, ifVersion: found.version }]);
    return outcome?.kind === 'written' ? value : this.change(id, next);
  }

  async all(): Promise<readonly StoredKey[]> {
    const keys: StoredKey[] = [];
    let page: readonly Stored<StoredKey>[] = [];
    do {
      const after = page.at(-1)?.id;
      page = await this.catalogue.scan<StoredKey>(KEYS, {
        limit: PAGE,
        ...(after !== undefined && { after }),
      });
      keys.push(...page.map(({ value }) => value));
    } while (page.length === PAGE);
    return keys;
  }

  /** Calls back after keys changed, in any process. */
  watch(changed: (ids: readonly string[]) => void): () => void {
    return this.catalogue.watch(KEYS, changed);
  }
}

/** Leaves out what nobody may see. */
export function withoutHash({ hash: _hash, ...record }: StoredKey): KeyRecord {
  return record;
}
