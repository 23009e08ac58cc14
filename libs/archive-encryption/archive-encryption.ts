import { ArchiveEncryptionError } from './archive-encryption.errors.js';
import { openSealed, type ExpectedFile } from './format/open-sealed.js';
import { sealFile, type ClearContent } from './format/seal-file.js';
import { MasterKeys } from './master-keys.js';
import type { TenantKeys } from './tenant-keys.js';

/** What a record of an object says of how its content is encrypted. */
export interface EncryptedAs {
  /** Id of the master key, 16 hex digits. */
  readonly key_id: string;
  /** Of the content. */
  readonly bytes: number;
  /** SHA-256 of the content, hex. */
  readonly sha256: string;
}

/** Whose file is to be encrypted, from where and whereto. */
export interface SealTask {
  readonly tenant: string;
  /** Of the object that it is to be, with a slash at its end. */
  readonly folder: string;
  readonly path: string;
}

/** Encrypts files of archives, where that is set, and opens them. */
export class ArchiveEncryption {
  constructor(
    /** Those that are set; none where none are. */
    readonly keys: MasterKeys,
    private readonly options: { readonly encrypts: boolean; readonly tenants?: TenantKeys },
  ) {}

  /** Whether new files are encrypted. */
  get encrypts(): boolean {
    return this.options.encrypts;
  }

  /**
   * Writes a content into a new file, encrypted for its tenant.
   *
   * @throws ArchiveEncryptionError `archive_key_missing`
   */
  async seal(content: ClearContent, { tenant, folder, path }: SealTask): Promise<EncryptedAs> {
    const { tenants } = this.options;
    if (!tenants) throw new ArchiveEncryptionError('archive_key_missing', 'No key of archives is set.');
    const key = await tenants.current(tenant);
    await sealFile(content, { path, folder, key });
    return { key_id: key.key_id, bytes: content.bytes, sha256: content.sha256 };
  }

  /** @throws ArchiveEncryptionError while it is read */
  open(source: AsyncIterable<Uint8Array>, expected: ExpectedFile): AsyncIterable<Uint8Array> {
    return openSealed(source, expected, this.keys);
  }

  /** @throws ArchiveEncryptionError `archive_key_missing` where what is encrypted so can't be opened here */
  require(key: string, { key_id: keyId }: EncryptedAs): void {
    this.keys.require(keyId, key);
  }
}

/** Where no key is set: what is encrypted can't be opened. */
export const NO_ENCRYPTION = new ArchiveEncryption(new MasterKeys(), { encrypts: false });
