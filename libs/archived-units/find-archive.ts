import {
  ArchiveFormatError,
  manifestKey,
  readManifest,
  unitFolder,
  type Manifest,
  type VerifiedManifest,
} from '#archive-format';
import { ArchiveStorageError, type ArchiveStorage, type ListedObject } from '#archive-storage';
import type { ArchivedStream } from './archived-unit.js';

/** Objects that are looked through, manifests that are read, and their bytes; more is refused as a whole. */
const MOST_OBJECTS = 100_000;
const MOST_MANIFESTS = 4_000;
const MOST_BYTES = 64 * 2 ** 20;
const PAGE = 1_000;
/** Manifests that are read at one time. */
const AT_ONCE = 8;
const STREAM = /^tenant=([^/]+)\/stream=([^/]+)\//;
const MANIFEST = /\/_manifest-g\d{1,5}-([0-9a-f]{64})\.json$/;

export type RefusalReason =
  'unknown_key' | 'signature' | 'damaged' | 'invalid' | 'other_place' | 'files' | 'superseded';

/** A manifest that is not used, and why. */
export interface RefusedManifest {
  readonly key: string;
  readonly reason: RefusalReason;
  readonly detail: string;
}

/** A manifest that is what somebody who is trusted signed, with all of its files. */
export interface FoundUnit extends VerifiedManifest {
  readonly key: string;
  readonly sha256: string;
}

export interface FoundArchive {
  /** By day and generation. */
  readonly units: readonly FoundUnit[];
  readonly refused: readonly RefusedManifest[];
}

/** There is more of it than one attachment may have. */
export class ArchiveTooLarge extends Error {}

interface Wanted {
  readonly tenant: string;
  readonly stream: string;
  /** One day alone, `YYYYMMDD`. */
  readonly day?: number;
}

/**
 * Reads what a place has of a stream. Nothing of what it finds is believed before its signature, and nothing of it leads
 * anywhere but to the stream's own folder.
 *
 * @throws ArchiveStorageError where the place can't be read, ArchiveTooLarge
 */
export async function findArchive(
  storage: Pick<ArchiveStorage, 'get' | 'list'>,
  wanted: Wanted,
  trusts: (keyId: string) => boolean,
): Promise<FoundArchive> {
  const { tenant, stream, day } = wanted;
  const folder =
    day === undefined ? `tenant=${tenant}/stream=${stream}/` : unitFolder({ tenant, stream, day });
  const objects = await listAll(storage, folder);
  const manifests = objects.filter(({ key }) => MANIFEST.test(key));
  const bytes = manifests.reduce((sum, object) => sum + object.bytes, 0);
  if (manifests.length > MOST_MANIFESTS || bytes > MOST_BYTES)
    throw new ArchiveTooLarge(
      `There are ${manifests.length} manifests of ${bytes} bytes, and ${MOST_MANIFESTS} of ${MOST_BYTES} are read at most.`,
    );
  const sizes = new Map(objects.map((object) => [object.key, object.bytes]));
  const found: (FoundUnit | RefusedManifest)[] = [];
  for (let at = 0; at < manifests.length; at += AT_ONCE)
    found.push(
      ...(await Promise.all(
        manifests
          .slice(at, at + AT_ONCE)
          .map(({ key }) => readOne(storage, { ...wanted, key, sizes }, trusts)),
      )),
    );
  const units = found.filter((one): one is FoundUnit => 'manifest' in one);
  const refused = found.filter((one): one is RefusedManifest => 'reason' in one);
  return newestOnly(units, refused);
}

/** The streams that a place has archives of, by tenant and name. @throws ArchiveStorageError */
export async function streamsInArchive(
  storage: Pick<ArchiveStorage, 'list'>,
): Promise<readonly ArchivedStream[]> {
  const found = new Map<string, ArchivedStream>();
  for (let after: string | undefined; ;) {
    const page = await storage.list('tenant=', { limit: PAGE, ...(after !== undefined && { after }) });
    for (const { key } of page) {
      const [, tenant, stream] = STREAM.exec(key) ?? [];
      if (tenant !== undefined && stream !== undefined) found.set(`${tenant}/${stream}`, { tenant, stream });
    }
    after = page.at(-1)?.key;
    if (after === undefined || page.length < PAGE) return [...found.values()];
  }
}

async function listAll(
  storage: Pick<ArchiveStorage, 'list'>,
  prefix: string,
): Promise<readonly ListedObject[]> {
  const all: ListedObject[] = [];
  for (let after: string | undefined; ;) {
    const page = await storage.list(prefix, { limit: PAGE, ...(after !== undefined && { after }) });
    all.push(...page);
    after = page.at(-1)?.key;
    if (after === undefined || page.length < PAGE) return all;
    if (all.length > MOST_OBJECTS)
      throw new ArchiveTooLarge(`There are more than ${MOST_OBJECTS} objects below ${prefix}.`);
  }
}

async function readOne(
  storage: Pick<ArchiveStorage, 'get'>,
  { key, sizes, ...wanted }: Wanted & { readonly key: string; readonly sizes: ReadonlyMap<string, number> },
  trusts: (keyId: string) => boolean,
): Promise<FoundUnit | RefusedManifest> {
  const sha256 = MANIFEST.exec(key)?.[1] ?? '';
  try {
    const chunks: Uint8Array[] = [];
    for await (const chunk of await storage.get(key, { sha256 })) chunks.push(chunk);
    const verified = readManifest(Buffer.concat(chunks), trusts);
    const problem =
      placeProblem(verified.manifest, { ...wanted, key, sha256 }) ?? fileProblem(verified.manifest, sizes);
    return problem ? { key, ...problem } : { ...verified, key, sha256 };
  } catch (error) {
    return { key, ...refusalOf(error) };
  }
}

/** A signed manifest of another stream, or of another day, may have been put here. */
function placeProblem(
  manifest: Manifest,
  { tenant, stream, key, sha256 }: Wanted & { readonly key: string; readonly sha256: string },
): Omit<RefusedManifest, 'key'> | undefined {
  const isHere =
    manifest.tenant === tenant && manifest.stream === stream && manifestKey(manifest, sha256) === key;
  if (isHere) return undefined;
  const of = `${manifest.tenant}/${manifest.stream}/${manifest.day}-${manifest.generation}`;
  return { reason: 'other_place', detail: `It is the manifest of ${of}, and does not belong here.` };
}

function fileProblem(
  { files }: Manifest,
  sizes: ReadonlyMap<string, number>,
): Omit<RefusedManifest, 'key'> | undefined {
  const wrong = files.find(({ key, bytes }) => sizes.get(key) !== bytes);
  if (!wrong) return undefined;
  const there = sizes.get(wrong.key);
  const detail =
    there === undefined ? `${wrong.key} is missing.` : `${wrong.key} has ${there} bytes, not ${wrong.bytes}.`;
  return { reason: 'files', detail };
}

/** @throws what is no fault of the manifest's */
function refusalOf(error: unknown): Omit<RefusedManifest, 'key'> {
  if (error instanceof ArchiveFormatError) {
    const reasons: Readonly<Record<string, RefusalReason>> = {
      archive_signer_unknown: 'unknown_key',
      archive_signature_invalid: 'signature',
    };
    return { reason: reasons[error.code] ?? 'invalid', detail: error.message };
  }
  if (
    error instanceof ArchiveStorageError &&
    ['archive_object_damaged', 'archive_object_missing'].includes(error.code)
  )
    return { reason: 'damaged', detail: error.message };
  throw error;
}

/**
 * What a merged unit replaces is in it: what is still there of that would be counted twice. Of several manifests of one unit
 * the one that was written last has its events; a day may have several generations.
 */
function newestOnly(found: readonly FoundUnit[], refused: readonly RefusedManifest[]): FoundArchive {
  const newest = new Map<string, FoundUnit>();
  const older: RefusedManifest[] = [];
  const units = withoutReplaced(found, older);
  for (const unit of units.toSorted((a, b) => (a.manifest.written_at < b.manifest.written_at ? 1 : -1))) {
    const id = `${unit.manifest.day}-${unit.manifest.generation}`;
    const taken = newest.get(id);
    if (taken)
      older.push({
        key: unit.key,
        reason: 'superseded',
        detail: `${taken.key} has the same day, and is newer.`,
      });
    else newest.set(id, unit);
  }
  const byDay = [...newest.values()].toSorted(
    ({ manifest: a }, { manifest: b }) => a.day - b.day || a.generation - b.generation,
  );
  return { units: byDay, refused: [...refused, ...older] };
}

function withoutReplaced(found: readonly FoundUnit[], older: RefusedManifest[]): readonly FoundUnit[] {
  const merged = found.filter(({ manifest }) => manifest.replaces !== undefined);
  return found.filter((unit) => {
    const by = merged.find((one) => one !== unit && isReplacedBy(unit, one));
    if (by) older.push({ key: unit.key, reason: 'superseded', detail: `Its events are in ${by.key}.` });
    return !by;
  });
}

/** Also an older copy of a generation that is merged: what replaced that is what was merged. */
function isReplacedBy({ manifest, sha256 }: FoundUnit, { manifest: by }: FoundUnit): boolean {
  if (manifest.day !== by.day) return false;
  return (by.replaces ?? []).some(
    (one) =>
      one.manifest === sha256 ||
      (one.generation === manifest.generation && manifest.written_at < by.written_at),
  );
}
