import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { NotifyError } from '#plugin-kit';

const FILE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,126}$/;
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
const MOST_BYTES = 16 * 1024;

/**
 * Reads a secret from a file in a folder: nothing outside of it, by links neither.
 *
 * @param root path of the folder, which may be missing
 * @throws NotifyError
 */
export async function readSecret(root: string, name: string): Promise<string> {
  const folder = await realpath(root).catch(() => undefined);
  const isName = folder !== undefined && FILE_NAME.test(name);
  const path = isName ? await realpath(join(folder, name)).catch(() => undefined) : undefined;
  if (path === undefined || !path.startsWith(folder + sep)) throw secretError(name, 'is not there');
  const file = await open(path, FLAGS).catch((cause: unknown) => {
    throw secretError(name, "can't be read", cause);
  });
  try {
    const found = await file.stat();
    if (!found.isFile() || found.size > MOST_BYTES) throw secretError(name, 'is no file of 16 KiB at most');
    const text = (await file.readFile('utf8')).trim();
    if (text === '') throw secretError(name, 'is empty');
    return text;
  } finally {
    await file.close();
  }
}

function secretError(name: string, what: string, cause?: unknown): NotifyError {
  const mend = "Put it into the server's folder of secrets (ALLUVIUM_SECRETS_DIR), readable by the server.";
  return new NotifyError(`The secret ${JSON.stringify(name)} ${what}.`, { retryable: true, mend, cause });
}
