import { rm, stat } from 'node:fs/promises';
import type { ArchiveColumn, ExportingTier, UnitFingerprint } from '#plugin-kit';

interface FileOfUnit {
  readonly path: string;
  readonly columns: readonly ArchiveColumn[];
  readonly fingerprint: UnitFingerprint;
}

/**
 * Makes lines of a unit's file, beside it, and of them a file as questions will, which must have the same events.
 *
 * @returns undefined where it has not
 */
export async function linesOf(
  made: FileOfUnit,
  engine: Pick<ExportingTier, 'linesOfFile' | 'fileOfLines' | 'fingerprintFile'>,
  signal?: AbortSignal,
): Promise<(FileOfUnit & { readonly readBytes: number }) | undefined> {
  const { columns, fingerprint } = made;
  const [path, again] = [`${made.path}.ndjson`, `${made.path}.again`];
  await engine.linesOfFile(made.path, columns, path, signal);
  await rm(made.path);
  await engine.fileOfLines(path, columns, again, signal);
  if (!isSame(fingerprint, await engine.fingerprintFile(again, columns, signal))) return undefined;
  const { size: readBytes } = await stat(again);
  await rm(again);
  return { ...made, path, readBytes };
}

/** Whether both are of the same events. */
export function isSame(a: UnitFingerprint, b: UnitFingerprint): boolean {
  const isEqual = a.events === b.events && a.sum === b.sum && a.xor === b.xor;
  return isEqual && a.oldest === b.oldest && a.newest === b.newest;
}
