import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ArchiveEncryption } from '#archive-encryption';
import { manifestKey, MOST_REPLACED, readManifest, type Manifest, type SigningKey } from '#archive-format';
import {
  ArchiveStorageError,
  contentOfBytes,
  isDamage,
  readContent,
  requireKeys,
  type ArchiveStorage,
} from '#archive-storage';
import {
  ArchivedUnitsError,
  type ArchivedStream,
  type ArchivedUnit,
  type ArchivedUnits,
  type ArchiveSchema,
  type MergeableUnits,
  type UnitCopy,
} from '#archived-units';
import type { ExportingTier, UnitFingerprint } from '#plugin-kit';
import { ARCHIVE_TIER } from '#retention-policy';
import { fileToPut } from './file-to-put.js';
import { isSame } from './lines-of-unit.js';
import type { LockByPolicy } from './lock-by-policy.js';
import { putWhole } from './put-whole.js';
import { signedUnit } from './signed-unit.js';
import type { UnitCopies } from './unit-copies.js';
import { unitedFingerprint } from './united-fingerprint.js';

export interface UnitCompactorParts {
  readonly tier: () => Pick<ExportingTier, 'name' | 'mergeFiles' | 'fingerprintFile'>;
  readonly storage: Pick<ArchiveStorage, 'put' | 'get' | 'delete'>;
  readonly archived: Pick<ArchivedUnits, 'announceMerge' | 'merge'>;
  readonly copies: Pick<UnitCopies, 'settled'>;
  readonly encryption: Pick<ArchiveEncryption, 'encrypts' | 'seal' | 'open' | 'require'>;
  readonly lock: Pick<LockByPolicy, 'until'>;
  readonly signingKey: () => Promise<SigningKey>;
  /** For files that are being merged; its own. */
  readonly directory: string;
  /** Of this installation. */
  readonly version: string;
  readonly reach: (faultPoint: string) => void;
}

/** Units that are to be one. */
export interface MergeTask extends MergeableUnits {
  readonly of: ArchivedStream;
  readonly schema: ArchiveSchema;
  /** Asked just before the merged unit takes their place. */
  readonly mayGo: () => Promise<boolean>;
  readonly signal?: AbortSignal;
}

/** `not_merged`: all is as before. */
export type UnitMerging =
  | { readonly outcome: 'merged'; readonly bytes: number }
  | {
      readonly outcome: 'not_merged';
      readonly why: 'changed' | 'damaged' | 'held' | 'refused';
      readonly detail: string;
    };

interface Source {
  readonly paths: readonly string[];
  readonly manifest: Manifest;
  /** SHA-256 of the manifest's object. */
  readonly sha256: string;
}

/** What is known of what was merged. */
interface Merged {
  readonly fingerprint: UnitFingerprint;
  readonly sources: readonly Source[];
  readonly replaces: NonNullable<Manifest['replaces']>;
}

/**
 * Makes one unit of several of a day: their files, as their sums say → one file in the same order → its fingerprint is that of
 * theirs together → signed manifest that names what it replaces → put and read back → one change swaps them.
 */
export class UnitCompactor {
  constructor(private readonly parts: UnitCompactorParts) {}

  /** @throws TierError, ArchiveStorageError where it may go through later */
  async merge(task: MergeTask): Promise<UnitMerging> {
    const { directory } = this.parts;
    // One at a time: what is there was left by a killed process.
    await rm(directory, { recursive: true, force: true });
    await mkdir(directory, { recursive: true, mode: 0o700 });
    try {
      return await this.#merge(task);
    } catch (error) {
      return { outcome: 'not_merged', ...reasonOf(error) };
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }

  async #merge(task: MergeTask): Promise<UnitMerging> {
    const { directory, encryption, reach, tier } = this.parts;
    const { units, schema, signal } = task;
    const files = units.flatMap((unit) => unit.files);
    requireKeys(files, encryption);
    // What was encrypted is never written in the clear.
    if (!encryption.encrypts && files.some((file) => file.encryption)) return CLEAR;
    const sources: Source[] = [];
    for (const unit of units) sources.push(await this.#read(unit, signal));
    reach('compact.read');
    const replaces = replacedBy(sources);
    if (replaces.length > MOST_REPLACED) return FULL;
    const path = join(directory, 'merged.parquet');
    const order = { columns: schema.columns, sortedBy: schema.sorted_by };
    const paths = sources.flatMap((source) => source.paths);
    await tier().mergeFiles(paths, order, path, signal);
    reach('compact.made');
    const fingerprint = unitedFingerprint(sources.map(({ manifest }) => manifest.fingerprint));
    if (!isSame(fingerprint, await tier().fingerprintFile(path, schema.columns, signal))) return OTHERS;
    return this.#keep(task, { path, fingerprint, sources, replaces });
  }

  async #keep(task: MergeTask, made: Merged & { readonly path: string }): Promise<UnitMerging> {
    const { archived, copies, encryption, lock, reach } = this.parts;
    const { of, units, day } = task;
    const { path, fingerprint } = made;
    const generation = Math.max(...units.map((unit) => unit.generation));
    const place = { ...of, day, generation };
    const { content, file } = await fileToPut(
      { path, events: fingerprint.events },
      { to: ARCHIVE_TIER, place, encryption },
    );
    const { sources, replaces } = made;
    const manifest = await this.#sign(task, { fingerprint, sources, replaces, place, files: [file] });
    const signed = contentOfBytes(Buffer.from(manifest.text));
    const key = manifestKey(place, signed.sha256);
    const lockedUntil = await lock.until(of, manifest.content.event_type.name, day);
    await archived.announceMerge(of, [file.key, key]);
    await copies.settled();
    reach('compact.announced');
    await putWhole(this.parts, { key: file.key, content, encryption: file.encryption, lockedUntil });
    reach('compact.put');
    await putWhole(this.parts, { key, content: signed, lockedUntil });
    reach('compact.signed');
    if (!(await task.mayGo())) return HELD;
    const copy = copyOf(manifest.content, { key, sha256: signed.sha256 });
    await archived.merge(of, { copy, sources: units, at: new Date().toISOString() });
    reach('compact.committed');
    return { outcome: 'merged', bytes: file.bytes };
  }

  async #sign(
    { units, schema }: MergeTask,
    made: Merged & {
      readonly place: Pick<Manifest, 'tenant' | 'stream' | 'day' | 'generation'>;
      readonly files: Manifest['files'];
    },
  ): Promise<ReturnType<typeof signedUnit>> {
    const { signingKey, tier, version } = this.parts;
    const { sources, ...facts } = made;
    const types = sources.map(({ manifest }) => manifest.event_type);
    const [newest] = types.toSorted((a, b) => b.version - a.version);
    const throughs = units.map((unit) => unit.through).toSorted();
    return signedUnit(
      {
        ...{ ...facts, columns: schema.columns, sortedBy: schema.sorted_by },
        ...{ through: throughs.at(-1) ?? '', eventType: newest ?? { name: '', version: 0 } },
      },
      { key: await signingKey(), version, engine: tier().name },
    );
  }

  /** Its files on this machine, decrypted, and its manifest: each is what its sum says, so its events are those that were verified. */
  async #read({ files, manifest }: ArchivedUnit, signal?: AbortSignal): Promise<Source> {
    const { directory, encryption, storage } = this.parts;
    const chunks: Uint8Array[] = [];
    for await (const chunk of await storage.get(manifest.key, { sha256: manifest.sha256 }))
      chunks.push(chunk);
    const paths: string[] = [];
    for (const [n, file] of files.entries()) {
      const path = join(directory, `${manifest.sha256}-${n}.parquet`);
      await pipeline(readContent(storage, file, encryption), createWriteStream(path, { mode: 0o600 }), {
        ...(signal && { signal }),
      });
      paths.push(path);
    }
    const { manifest: content } = readManifest(Buffer.concat(chunks), () => true);
    return { paths, manifest: content, sha256: manifest.sha256 };
  }
}

/** Manifests that several stand for: their own, and all that they replaced. */
function replacedBy(sources: readonly Source[]): NonNullable<Manifest['replaces']> {
  return sources.flatMap(({ manifest: { generation, replaces = [] }, sha256 }) => [
    { generation, manifest: sha256 },
    ...replaces,
  ]);
}

const FULL: UnitMerging = {
  ...{ outcome: 'not_merged', why: 'refused' },
  detail: `A merged unit takes the place of ${MOST_REPLACED} at most.`,
};
const CLEAR: UnitMerging = {
  ...{ outcome: 'not_merged', why: 'refused' },
  detail: 'Some of it is encrypted, and ALLUVIUM_ARCHIVE_ENCRYPTION is off: it is not written in the clear.',
};
const OTHERS: UnitMerging = {
  ...{ outcome: 'not_merged', why: 'refused' },
  detail: 'One file made of its files does not have the same events: please report it.',
};
const HELD: UnitMerging = { outcome: 'not_merged', why: 'held', detail: 'A hold keeps it.' };

/** A unit as its manifest tells of it. */
export function copyOf(
  { day, generation, fingerprint, through, files, written_at }: Manifest,
  manifest: UnitCopy['manifest'],
): UnitCopy {
  const { events, oldest, newest, sources } = fingerprint;
  return {
    ...{ day, generation, events, oldest, newest, sources, through, manifest, files },
    copied_at: written_at,
  };
}

/** @throws what may go through later */
function reasonOf(error: unknown): { why: 'changed' | 'damaged' | 'refused'; detail: string } {
  if (error instanceof ArchivedUnitsError && error.code === 'archived_unit_missing')
    return { why: 'changed', detail: error.message };
  if (!(error instanceof ArchiveStorageError) || error.retryable) throw error;
  return { why: isDamage(error) ? 'damaged' : 'refused', detail: error.message };
}
