import { parseError } from '@clickhouse/client';

const MARKER = '\r\n__exception__\r\n';
/** The header that names the word behind the marker; nobody can guess it, so no data can look like the mark. */
export const TAG_HEADER = 'x-clickhouse-exception-tag';
/** Longest such mark: bytes. What ends later than this may be the beginning of one. */
export const MARK_BYTES = 64;

/** Where the server said within its answer that the statement failed after all; -1 where it didn't. */
export function markOf(bytes: Buffer, tag: string | undefined): number {
  return tag === undefined ? -1 : bytes.indexOf(`${MARKER}${tag}`);
}

/** The error behind the mark. */
export function lateError(bytes: Buffer, mark: number): Error {
  return parseError(bytes.toString('utf8', mark + MARKER.length));
}
