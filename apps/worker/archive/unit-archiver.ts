import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { ArchiveEncryption } from '#archive-encryption';
import { inTier, manifestKey, type SigningKey } from '#archive-format';
import { ArchiveStorageError, contentOfBytes, isDamage, type ArchiveStorage } from '#archive-storage';
import type { ArchivedUnits } from '#archived-units';
import type {
  ArchiveColumn,
  ArchivedPart,
  ExportingTier,
  RetainingTier,
  StreamPart,
  UnitFingerprint,
} from '#plugin-kit';
import { ARCHIVE_TIER } from '#retention-policy';
import { fileToPut } from './file-to-put.js';
import { isSame, linesOf } from './lines-of-unit.js';
import type { LockByPolicy } from './lock-by-policy.js';
import { putWhole } from './put-whole.js';
import { signedUnit } from './signed-unit.js';
import type { UnitCopies } from './unit-copies.js';

/** Columns behind those of the type that tables are sorted by. */
const SORTED_BY_ALWAYS = ['timestamp', 'block', 'row'];

export interface UnitArchiverParts {
  readonly tier: () => Omit<ExportingTier, 'prepare' | 'ping' | 'stop' | 'mergeFiles'> &
    Pick<RetainingTier, 'countUnit'>;
  readonly storage: Pick<ArchiveStorage, 'put' | 'get' | 'delete'>;
  readonly archived: Pick<ArchivedUnits, 'announce' | 'commit'>;
  readonly copies: Pick<UnitCopies, 'sweep' | 'settled'>;
  readonly encryption: Pick<ArchiveEncryption, 'encrypts' | 'seal' | 'open' | 'require'>;
  /** Until when what is put into the archive is locked by its policy. */
  readonly lock: Pick<LockByPolicy, 'until'>;
  readonly signingKey: () => Promise<SigningKey>;
  /** For files that are being made; its own. */
  readonly directory: string;
  /** Of this installation. */
  readonly version: string;
  /** Told of each copy. */
  readonly counted: (outcome: UnitArchiving['outcome'] | 'damaged') => void;
  readonly logger: Pick<Logger, 'error'>;
  readonly reach: (faultPoint: string) => void;
}

/**
 * `copied`: the archive has what the table has, as it was read back. `not_copied`: the hot copy is all there is: the unit has
 * no event or changed meanwhile, the archive gave back other bytes (`damaged`), or its place refuses them.
 */
export type UnitArchiving =
  | { readonly outcome: 'copied' }
  | {
      readonly outcome: 'not_copied';
      readonly why: 'changed' | 'damaged' | 'refused';
      readonly detail: string;
    };

interface MadeFile {
  /** What is put: Parquet, or lines for a tier from outside. */
  readonly path: string;
  readonly columns: readonly ArchiveColumn[];
  readonly fingerprint: UnitFingerprint;
  /** Bytes of the Parquet file that lines are made into for questions. */
  readonly readBytes?: number;
}

/** What is to be copied, and whereto. */
export interface CopyTask {
  readonly part: StreamPart;
  /** As policies name it: the archive, or a tier from outside. */
  readonly tier: string;
  readonly signal?: AbortSignal;
  /** Told what is done now, in words. */
  readonly doing?: (phase: string) => Promise<void>;
}

/**
 * Copies a day into the archive: count → file → the same events in table and file → signed manifest → put and read back → commit.
 * Nothing refers to an object before the commit, and each step may be made again after `kill -9`. Nothing is removed.
 */
export class UnitArchiver {
  constructor(private readonly parts: UnitArchiverParts) {}

  /** @throws TierError, ArchiveStorageError where it may go through later */
  async copy(task: CopyTask): Promise<UnitArchiving> {
    const archiving = await this.#copy(task).catch((error: unknown) => this.#failed(task.part, error));
    const isDamaged = archiving.outcome === 'not_copied' && archiving.why === 'damaged';
    this.parts.counted(isDamaged ? 'damaged' : archiving.outcome);
    return archiving;
  }

  async #copy({ part, tier: to, signal, doing }: CopyTask): Promise<UnitArchiving> {
    const { directory, reach, tier } = this.parts;
    const counted = await tier().countUnit(part);
    if (!counted) return { outcome: 'not_copied', why: 'changed', detail: 'No event of it is there.' };
    const counting: ArchivedPart = { ...part, through: counted.through };
    // One copy at a time: what is there was left by a killed process.
    await rm(directory, { recursive: true, force: true });
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const path = join(directory, `${randomUUID()}.parquet`);
    try {
      reach('archive.counted');
      await doing?.('making a file of it');
      const columns = await tier().exportUnit(counting, path, signal);
      reach('archive.exported');
      await doing?.('comparing the file with the table');
      const fingerprint = await tier().fingerprintUnit(counting, signal);
      const ofFile = await tier().fingerprintFile(path, columns, signal);
      if (!isSame(fingerprint, ofFile)) return changed(fingerprint, ofFile);
      const made = { path, columns, fingerprint };
      await doing?.('putting it into the archive and reading it back');
      if (to === ARCHIVE_TIER) return await this.#keep(counting, made, to);
      const lines = await linesOf(made, tier(), signal);
      reach('archive.lines');
      return lines ? await this.#keep(counting, lines, to) : notSame();
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }

  async #keep(
    part: ArchivedPart,
    { path, columns, fingerprint, readBytes }: MadeFile,
    to: string,
  ): Promise<UnitArchiving> {
    const { archived, copies, encryption, lock, reach, signingKey, tier, version } = this.parts;
    const { tenant, name: stream, eventType } = part.stream;
    const place = { tenant, stream, day: part.day, generation: part.generation };
    const { content, file } = await fileToPut(
      { path, events: fingerprint.events },
      { to, place, encryption },
    );
    reach('archive.content');
    const placed = (own: string): string => (to === ARCHIVE_TIER ? own : inTier(to, own));
    const kept = {
      ...{ ...file, key: placed(file.key) },
      ...(readBytes !== undefined && { read_bytes: readBytes }),
    };
    const sortedBy = [...eventType.sortBy, ...SORTED_BY_ALWAYS];
    const manifest = signedUnit(
      {
        ...{ place, through: part.through, columns, sortedBy, fingerprint, files: [file] },
        eventType: { name: eventType.name, version: eventType.version ?? 1 },
      },
      { key: await signingKey(), version, engine: tier().name },
    );
    const signed = contentOfBytes(Buffer.from(manifest.text));
    const key = placed(manifestKey(place, signed.sha256));
    const lockedUntil =
      to === ARCHIVE_TIER ? await lock.until({ tenant, stream }, eventType.name, part.day) : undefined;
    await archived.announce({ tenant, stream }, [kept.key, key]);
    await copies.settled();
    await putWhole(this.parts, { key: kept.key, content, encryption: kept.encryption, lockedUntil });
    reach('archive.put');
    await putWhole(this.parts, { key, content: signed, lockedUntil });
    reach('archive.signed');
    const { oldest, newest, sources } = manifest.content.fingerprint;
    await archived.commit(
      { tenant, stream },
      {
        ...{
          day: part.day,
          generation: part.generation,
          events: fingerprint.events,
          oldest,
          newest,
          sources,
        },
        ...{ through: part.through, manifest: { key, sha256: signed.sha256 }, files: [kept] },
        copied_at: manifest.content.written_at,
      },
      { columns, sorted_by: sortedBy },
    );
    reach('archive.committed');
    await copies.sweep({ tenant, stream });
    return { outcome: 'copied' };
  }

  #failed({ stream, day, generation }: StreamPart, error: unknown): UnitArchiving {
    if (!(error instanceof ArchiveStorageError) || error.retryable) throw error;
    const unit = `${stream.tenant}/${stream.name}/${day}-${generation}`;
    this.parts.logger.error({ err: error, unit }, 'a day was not copied into the archive');
    const why = isDamage(error) ? 'damaged' : 'refused';
    return { outcome: 'not_copied', why, detail: error.message };
  }
}

function notSame(): UnitArchiving {
  const detail = 'Lines made of its events are not the same events again: please report it.';
  return { outcome: 'not_copied', why: 'refused', detail };
}

function changed(table: UnitFingerprint, file: UnitFingerprint): UnitArchiving {
  const detail = `The table has ${table.events} events, and the file made of it has ${file.events}, or others: they changed meanwhile. The next run copies them.`;
  return { outcome: 'not_copied', why: 'changed', detail };
}
