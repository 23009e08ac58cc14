import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** How files of archives end. */
export const ARCHIVE_ENDS = { plain: '.parquet', encrypted: '.parquet.enc' } as const;

/** The files with events in the archive of a data directory, and how they end. */
export async function contentOfArchive(
  dataDirectory: string,
): Promise<readonly { readonly path: string; readonly end: string }[]> {
  const place = join(dataDirectory, 'archives');
  const names = await readdir(place, { recursive: true });
  return names.flatMap((name) => {
    const end = Object.values(ARCHIVE_ENDS).find((one) => name.endsWith(one));
    return end === undefined ? [] : [{ path: join(place, name), end }];
  });
}
