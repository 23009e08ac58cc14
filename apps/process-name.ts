import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FILE = 'process.id';

/** By what one of several processes is known to the others: made once, kept in its data directory. */
export function processName(dataDirectory: string): string {
  const path = join(dataDirectory, FILE);
  if (!existsSync(path)) {
    mkdirSync(dataDirectory, { recursive: true });
    writeFileSync(`${path}.new`, `${randomUUID()}\n`, { flush: true });
    renameSync(`${path}.new`, path);
  }
  return readFileSync(path, 'utf8').trim();
}
