import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { DataFormatError, readDataFormat } from '#data-format';
import type { DoctorContext } from '../context.js';
import { problem, type Finding } from '../finding.js';

/** Whether a start of this version would take the data directory. Says nothing where it would. */
export async function checkDataFormat({ settings }: DoctorContext): Promise<readonly Finding[]> {
  const path = resolve(settings.boot.dataDir);
  if (!existsSync(path) || !statSync(path).isDirectory()) return [];
  try {
    await readDataFormat(path);
    return [];
  } catch (error) {
    return [problem('data directory', { where: path, ...told(error) })];
  }
}

function told(error: unknown): { readonly what: string; readonly mend: string } {
  if (error instanceof DataFormatError)
    return {
      what: error.message,
      mend: 'Start the version that made it, or choose another directory: ALLUVIUM_DATA_DIR.',
    };
  return {
    what: `Its format can not be read: ${(error as Error).message}.`,
    mend: 'Give the user of the server the right to read it.',
  };
}
