import type { EncryptedAs } from '#archive-encryption';

/** An object that is wanted as a file: the bytes of that, and the sum (SHA-256, hex) of what was put. */
export interface WantedObject {
  readonly key: string;
  readonly bytes: number;
  readonly sha256: string;
  /** How it is encrypted; absent where it isn't. */
  readonly encryption?: EncryptedAs | undefined;
  /** What it is read with as a Parquet file, where it is none itself. */
  readonly columns?: readonly { readonly name: string; readonly type: string }[];
}

/** Objects as files of this machine, which stay until they are released. */
export interface HeldObjects {
  /** By their keys. */
  readonly paths: ReadonlyMap<string, string>;
  /** Idempotent. */
  release(): void;
}

/** Gives objects as files, for whoever reads files alone. What is wanted is kept whole or not at all. */
export abstract class LocalObjects {
  /**
   * @throws ArchiveStorageError `archive_object_missing`, `archive_object_damaged`, `archive_key_missing`; `archive_cache_too_small` where all
   * together are more than may be held, `archive_cache_busy` where others hold too much now
   */
  abstract hold(wanted: readonly WantedObject[]): Promise<HeldObjects>;
}
