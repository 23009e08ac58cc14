import { open } from 'node:fs/promises';
import { InputStartError } from '#plugin-kit';

/** Certificates with their chains are some kilobytes. */
const MAX_BYTES = 1024 * 1024;

/** Reads a file that an option names. @throws InputStartError, without anything that is in it */
export async function readSecret(path: string): Promise<Uint8Array> {
  const mend = 'Name a file that the server may read.';
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      if (size > MAX_BYTES) throw new InputStartError(`The file ${path} has more than 1 MiB.`, mend);
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof InputStartError) throw error;
    const code = (error as { readonly code?: string } | null)?.code ?? 'unknown';
    throw new InputStartError(`The file ${path} can't be read (${code}).`, mend, error);
  }
}
