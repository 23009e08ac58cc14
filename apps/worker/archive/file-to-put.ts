import type { ArchiveEncryption } from '#archive-encryption';
import { linesKey, partKey, sealedKey, unitFolder, type Manifest, type UnitPlace } from '#archive-format';
import { asStorageError, contentOfFile, type ObjectContent } from '#archive-storage';
import { ARCHIVE_TIER } from '#retention-policy';

/** What is put of a unit, and how its manifest names it. */
export interface FileToPut {
  readonly content: ObjectContent;
  readonly file: Manifest['files'][number];
}

export interface PutTask {
  /** As policies name it. What tiers from outside keep is theirs to encrypt. */
  readonly to: string;
  readonly place: UnitPlace;
  readonly encryption: Pick<ArchiveEncryption, 'encrypts' | 'seal'>;
}

/**
 * A file as it is, or, where archives are encrypted, another one beside it.
 *
 * @throws ArchiveStorageError `archive_key_missing`
 */
export async function fileToPut(
  { path, events }: { readonly path: string; readonly events: number },
  { to, place, encryption }: PutTask,
): Promise<FileToPut> {
  const content = await contentOfFile(path);
  const { bytes, sha256 } = content;
  const figures = { bytes, sha256, events };
  if (to !== ARCHIVE_TIER) return { content, file: { key: linesKey(place, sha256), ...figures } };
  if (!encryption.encrypts) return { content, file: { key: partKey(place, sha256), ...figures } };
  const task = { tenant: place.tenant, folder: unitFolder(place), path: `${path}.enc` };
  const how = await encryption.seal(content, task).catch((error: unknown) => {
    throw asStorageError(error);
  });
  const sealed = await contentOfFile(task.path);
  const stored = { bytes: sealed.bytes, sha256: sealed.sha256, events };
  return { content: sealed, file: { key: sealedKey(place, sealed.sha256), ...stored, encryption: how } };
}
