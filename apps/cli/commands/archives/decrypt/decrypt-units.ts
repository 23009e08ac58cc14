import { createWriteStream } from 'node:fs';
import { link, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ArchiveEncryption } from '#archive-encryption';
import { partKey, type Manifest } from '#archive-format';
import { ArchiveStorageError, readContent, type ArchiveStorage } from '#archive-storage';
import { findArchive, streamsInArchive, type ArchivedStream } from '#archived-units';

const OWNER_ALONE = 0o600;

export interface DecryptTask {
  readonly storage: Pick<ArchiveStorage, 'get' | 'list'>;
  readonly encryption: ArchiveEncryption;
  readonly directory: string;
  readonly wants: (stream: ArchivedStream) => boolean;
  readonly trusts: (keyId: string) => boolean;
}

/** What is known while it goes on. */
export interface DecryptProgress {
  files: number;
  bytes: number;
  events: number;
  /** Of those that were written: how many were encrypted. */
  encrypted: number;
  /** Names of streams, `tenant/stream`. */
  readonly streams: string[];
  /** Ids of the keys that signed. */
  readonly signedBy: Set<string>;
  /** What was left out, and why, a sentence each. */
  readonly leftOut: string[];
}

export function nothingYet(): DecryptProgress {
  return { files: 0, bytes: 0, events: 0, encrypted: 0, streams: [], signedBy: new Set(), leftOut: [] };
}

/**
 * Writes the files of an archive into a directory, decrypted. What can't be had is left out and told in `done`.
 *
 * @throws ArchiveStorageError where the place can't be read; an error of the file system where the directory can't be written
 */
export async function decryptUnits(task: DecryptTask, done: DecryptProgress): Promise<void> {
  const { storage, trusts, wants } = task;
  for (const of of (await streamsInArchive(storage)).filter(wants)) {
    const { units, refused } = await findArchive(storage, of, trusts);
    done.streams.push(`${of.tenant}/${of.stream}`);
    for (const { key, reason, detail } of refused)
      if (reason !== 'superseded') done.leftOut.push(`${key}: ${detail}`);
    for (const { manifest, keyId } of units) {
      done.signedBy.add(keyId);
      for (const file of manifest.files) await decryptFile(task, { manifest, file }, done);
    }
  }
}

async function decryptFile(
  { storage, encryption, directory }: DecryptTask,
  { manifest, file }: { readonly manifest: Manifest; readonly file: Manifest['files'][number] },
  done: DecryptProgress,
): Promise<void> {
  const { bytes, sha256 } = file.encryption ?? file;
  const path = join(directory, partKey(manifest, sha256));
  try {
    await write(readContent(storage, file, encryption), path);
  } catch (error) {
    if (!(error instanceof ArchiveStorageError)) throw error;
    done.leftOut.push(error.message);
    return;
  }
  done.files += 1;
  done.bytes += bytes;
  done.events += file.events;
  if (file.encryption) done.encrypted += 1;
}

/** Under its name when it is whole; what is there already stays. */
async function write(content: AsyncIterable<Uint8Array>, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const incoming = `${path}.incoming`;
  try {
    await pipeline(Readable.from(content), createWriteStream(incoming, { flags: 'wx', mode: OWNER_ALONE }));
    await link(incoming, path);
  } finally {
    await rm(incoming, { force: true });
  }
}
