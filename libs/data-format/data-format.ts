import { open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AlluviumError } from '#event-model';

/**
 * Of all that a data directory holds. It rises with a version that writes what the one before would misread; that version
 * reads every format up to its own and makes it its own.
 */
export const DATA_FORMAT = 2;
/** The file in the data directory that says its format. A directory that was made before there was one has format 1. */
export const FORMAT_FILE = 'format.json';

const formatSchema = z.object({ format: z.int().min(1), written_by: z.string().max(200) });

/** The file in a data directory that a backup is restored into, until all of it is there. */
export const RESTORE_FILE = 'restore.unfinished';

/** The file in a data directory that another edition of the appliance goes on with. */
export const MIGRATED_FILE = 'migrated.json';

/** A data directory that this version must not touch. */
export class DataFormatError extends AlluviumError {
  constructor(
    code: 'data_format_newer' | 'data_format_unreadable' | 'restore_unfinished' | 'data_directory_migrated',
    message: string,
    cause?: unknown,
  ) {
    super(message, { code, retryable: false, cause });
  }
}

/**
 * The format of a data directory; undefined where it has none written down. Changes nothing.
 *
 * @throws DataFormatError `data_format_newer` where a newer version made it, `data_format_unreadable`, `restore_unfinished`,
 *   `data_directory_migrated` unless it is for who moves it
 */
export async function readDataFormat(
  directory: string,
  { forMigration = false }: { readonly forMigration?: boolean } = {},
): Promise<number | undefined> {
  await refuseUnfinished(directory);
  if (!forMigration) await refuseMigrated(directory);
  const path = join(directory, FORMAT_FILE);
  const text = await readFile(path, 'utf8').catch(absent);
  if (text === undefined) return undefined;
  const { format, written_by: writer } = parse(path, text);
  if (format <= DATA_FORMAT) return format;
  throw new DataFormatError(
    'data_format_newer',
    `The data directory ${directory} has the format ${format}, made by ${writer}, and this version knows formats up to ${DATA_FORMAT}. Nothing in it was changed: start that version or a newer one, or choose another directory (ALLUVIUM_DATA_DIR).`,
  );
}

/**
 * Writes this version's format down where the directory has another or none: durable when it resolves, at once or not at all.
 * Call it as the directory's only owner.
 *
 * @throws DataFormatError as of {@link readDataFormat}; an error of the file system
 */
export async function keepDataFormat(directory: string, version: string): Promise<void> {
  if ((await readDataFormat(directory)) === DATA_FORMAT) return;
  const path = join(directory, FORMAT_FILE);
  const written = `${path}.new`;
  await writeDurably(
    written,
    `${JSON.stringify({ format: DATA_FORMAT, written_by: `alluvium ${version}` })}\n`,
  );
  await rename(written, path);
  await syncDirectory(directory);
}

/** Says durably that a directory is not whole: nothing starts on it. */
export async function beginRestore(directory: string): Promise<void> {
  await writeDurably(join(directory, RESTORE_FILE), 'A backup is being restored into this directory.\n');
  await syncDirectory(directory);
}

/** Says that a directory is whole. */
export async function endRestore(directory: string): Promise<void> {
  await rm(join(directory, RESTORE_FILE));
  await syncDirectory(directory);
}

/** Says durably that another edition goes on with what the directory has: no appliance starts on it. */
export async function markMigrated(directory: string, at: string): Promise<void> {
  await writeDurably(join(directory, MIGRATED_FILE), `${JSON.stringify({ migrated_at: at })}\n`);
  await syncDirectory(directory);
}

/** Takes that back. Idempotent. */
export async function unmarkMigrated(directory: string): Promise<void> {
  await rm(join(directory, MIGRATED_FILE), { force: true });
  await syncDirectory(directory);
}

async function refuseMigrated(directory: string): Promise<void> {
  const path = join(directory, MIGRATED_FILE);
  if ((await readFile(path, 'utf8').catch(absent)) === undefined) return;
  throw new DataFormatError(
    'data_directory_migrated',
    `The data directory ${directory} was moved to another edition of the appliance, which goes on with it (${path} says so): start that one. To go back to this directory, call \`alluvium migrate ${directory} back-out\` with the settings of that one.`,
  );
}

async function refuseUnfinished(directory: string): Promise<void> {
  const path = join(directory, RESTORE_FILE);
  if ((await readFile(path, 'utf8').catch(absent)) === undefined) return;
  throw new DataFormatError(
    'restore_unfinished',
    `A backup was being restored into ${directory}, and that was not finished (${path} says so): empty the directory and restore again.`,
  );
}

function parse(path: string, text: string): z.infer<typeof formatSchema> {
  try {
    return formatSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new DataFormatError(
      'data_format_unreadable',
      `${path} doesn't say the format of the data directory: it was damaged, or is of another program. Nothing was changed. Where the directory is Alluvium's and of this version, take the file away.`,
      cause,
    );
  }
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined;
  throw error;
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'w', 0o644);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
