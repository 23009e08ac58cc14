import type { EncryptedAs } from '#archive-encryption';
import { tierOfKey } from '#archive-format';
import type { WantedObject } from '#archive-storage';
import type { ArchiveColumn, SealedDays } from '#plugin-kit';

/** What the files of some units are read with; most units of a stream have the same. */
export interface ArchiveSchema {
  readonly columns: readonly ArchiveColumn[];
  /** Columns that the rows of a file are sorted by, those of the table. */
  readonly sorted_by: readonly string[];
}

/** An object with events. */
export interface ArchivedFile {
  readonly key: string;
  /** As it is stored, encrypted where it is. */
  readonly bytes: number;
  /** SHA-256 of that, hex. */
  readonly sha256: string;
  readonly events: number;
  /** Of its content; absent where it is not encrypted. */
  readonly encryption?: EncryptedAs | undefined;
  /** Of lines that a tier from outside keeps: bytes of the Parquet file that questions read. */
  readonly read_bytes?: number;
}

/**
 * - `copied`: a verified copy is in the archive; the hot table still answers.
 * - `answering`: questions read the unit from its files, and the hot table without its partition. The hot copy is there
 *   still, for those that began before.
 * - `evicted`: the hot copy is gone.
 */
export type ArchivedState = 'copied' | 'answering' | 'evicted';

/** A day of a stream, of one generation. */
export interface UnitOfDay {
  /** `YYYYMMDD`, UTC. */
  readonly day: number;
  readonly generation: number;
}

/** A copy of a unit in the archive, as it was verified. */
export interface UnitCopy extends UnitOfDay {
  readonly events: number;
  /** Time of the first and the last event: nanoseconds since the epoch, as text. */
  readonly oldest: string;
  readonly newest: string;
  /** By their names. */
  readonly sources: readonly { readonly source: string; readonly events: number }[];
  /** The last block of its events. */
  readonly through: string;
  readonly manifest: { readonly key: string; readonly sha256: string };
  readonly files: readonly ArchivedFile[];
  /** RFC 3339. */
  readonly copied_at: string;
}

export interface ArchivedUnit extends UnitCopy {
  readonly state: ArchivedState;
  /** Index into the schemas of its stream. */
  readonly schema: number;
  /** RFC 3339. */
  readonly answering_since?: string;
  readonly evicted_at?: string;
}

/** What a policy no longer keeps: no question finds it, and it can be brought back until its objects are deleted. */
export interface TrashedUnit extends ArchivedUnit {
  /** RFC 3339. */
  readonly trashed_at: string;
  /** Id of the plan that deleted it. */
  readonly order: string;
  /** Its objects are being deleted: it can't be brought back any more. */
  readonly purging?: true;
  /** Why its store keeps its objects, once that was found. */
  readonly locked?: string;
}

/** A unit that another edition of the appliance had, and that is on its way into the archive: questions about its time can't be answered yet. */
export interface AwaitedUnit extends UnitOfDay, Pick<UnitCopy, 'events' | 'oldest' | 'newest'> {}

/** A unit whose events a merged one has since: for those who began to read it, and should the merged one be damaged. */
export interface ReplacedUnit extends ArchivedUnit {
  /** RFC 3339. */
  readonly replaced_at: string;
  /** Key of the merged unit's manifest. */
  readonly by: string;
  /** The audit record has it. */
  readonly recorded?: true;
}

/** What of a stream is in the archive. One document, so that a question that reads it sees one moment. */
export interface StreamArchive {
  readonly schemas: readonly ArchiveSchema[];
  /** By day and generation. */
  readonly units: readonly ArchivedUnit[];
  /** Deleted units that can be brought back, by day and generation; absent where none was deleted. */
  readonly trash?: readonly TrashedUnit[];
  /** Units that others were merged with, until their objects are discarded; absent where nothing was merged. */
  readonly replaced?: readonly ReplacedUnit[];
  /** Keys of objects that are put for a copy that is not there yet; absent where none is. */
  readonly copying?: readonly string[];
  /** Keys of objects that are put for a merged unit that is not there yet; absent where none is. */
  readonly merging?: readonly string[];
  /** Keys of objects that no unit has any more, and that are yet to be deleted. */
  readonly discarded: readonly string[];
  /** Days whose late events stand beside them, since archives answer for them; absent where none does. */
  readonly sealed?: SealedDays;
  /** Units that are on their way here; absent where none is. */
  readonly awaited?: readonly AwaitedUnit[];
  /** What was archived and is deleted, the trash too; absent where nothing is. */
  readonly expired?: { readonly units: number; readonly events: number };
}

/** Whose archive. */
export interface ArchivedStream {
  readonly tenant: string;
  readonly stream: string;
}

/** A time between two moments, the second not included: nanoseconds since the epoch. */
interface Span {
  readonly from: bigint;
  readonly to: bigint;
}

/** Whether the unit may have events of the time. */
export function hasEventsIn(
  { oldest, newest }: Pick<UnitCopy, 'oldest' | 'newest'>,
  { from, to }: Span,
): boolean {
  return BigInt(oldest) < to && BigInt(newest) >= from;
}

/** Whether questions about the time read the unit from its files. */
export function answersIn(unit: ArchivedUnit, span: Span): boolean {
  return unit.state !== 'copied' && hasEventsIn(unit, span);
}

/** The tier that keeps a unit, as policies name it; undefined where it is in the archive. */
export function outsideTierOf({ manifest }: Pick<UnitCopy, 'manifest'>): string | undefined {
  return tierOfKey(manifest.key);
}

/** Bytes that questions read of a file. */
export function readBytesOf({ bytes, read_bytes: read, encryption }: ArchivedFile): number {
  return read ?? encryption?.bytes ?? bytes;
}

/** A file as it is wanted on this machine, to be read with these columns. */
export function wantedFile(file: ArchivedFile, columns: readonly ArchiveColumn[]): WantedObject {
  const { key, sha256, encryption } = file;
  return { key, sha256, encryption, bytes: readBytesOf(file), columns };
}

/** The sum (SHA-256, hex) of the Parquet file that questions read; undefined where a tier's lines are made into one. */
export function readSumOf({ sha256, encryption, read_bytes: made }: ArchivedFile): string | undefined {
  return made === undefined ? (encryption?.sha256 ?? sha256) : undefined;
}
