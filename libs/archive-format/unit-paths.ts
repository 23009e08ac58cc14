import { isStreamName, isTenantName } from '#event-model';
import { ArchiveFormatError } from './archive-format.errors.js';

/** Whose events, and of which day. */
export interface UnitPlace {
  readonly tenant: string;
  readonly stream: string;
  /** `YYYYMMDD`, UTC. */
  readonly day: number;
}

const SHA256 = /^[0-9a-f]{64}$/;

/**
 * The folder of a day's units, ending with a slash, as tools that read partitioned Parquet expect it.
 *
 * @throws ArchiveFormatError where the names or the day are none
 */
export function unitFolder({ tenant, stream, day }: UnitPlace): string {
  if (!isTenantName(tenant) || !isStreamName(stream) || !isDay(day))
    throw new ArchiveFormatError(
      'archive_manifest_invalid',
      `${tenant}/${stream}/${day} is no place of an archive.`,
    );
  const text = String(day);
  const date = `year=${text.slice(0, 4)}/month=${text.slice(4, 6)}/day=${text.slice(6)}`;
  return `tenant=${tenant}/stream=${stream}/${date}/`;
}

/** The key of a file of a unit, by its content: a put that is made again meets itself. */
export function partKey(place: UnitPlace, sha256: string): string {
  return `${unitFolder(place)}part-${checked(sha256)}.parquet`;
}

/** The same of an encrypted file. It ends otherwise: whoever reads all that is Parquet passes it over. */
export function sealedKey(place: UnitPlace, sha256: string): string {
  return `${unitFolder(place)}part-${checked(sha256)}.parquet.enc`;
}

/** The key of the lines of a unit, for a tier that takes lines. */
export function linesKey(place: UnitPlace, sha256: string): string {
  return `${unitFolder(place)}part-${checked(sha256)}.ndjson`;
}

/** The key of a manifest. Tools pass over names that begin with `_`. */
export function manifestKey(place: UnitPlace & { readonly generation: number }, sha256: string): string {
  return `${unitFolder(place)}_manifest-g${Math.trunc(place.generation)}-${checked(sha256)}.json`;
}

/** Whether such a day is in the calendar. */
export function isDay(day: number): boolean {
  const [, year = '', month = '', date = ''] = /^(\d{4})(\d\d)(\d\d)$/.exec(String(day)) ?? [];
  const time = new Date(`${year}-${month}-${date}T00:00:00Z`);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(`${year}-${month}-${date}`);
}

function checked(sha256: string): string {
  if (SHA256.test(sha256)) return sha256;
  throw new ArchiveFormatError('archive_manifest_invalid', 'A SHA-256 has 64 lower-case hex digits.');
}
