import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export const VERSION = '1.8.0';
const MODULE = 'github.com/versity/versitygw';
/** What Go's checksum database has of this version; its own go.mod pins what it is made of. */
const SUM = 'h1:au+wI+aybno/STsQiSm35Uu6Q6iK5MWReQxgO6SEMFc=';
const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'alluvium');
const run = promisify(execFile);

/**
 * The program of versitygw (Apache-2.0), built by Go at the first use, which takes minutes, into the user's cache, and
 * checked to be the version that is pinned. Go's own caches of it, a gigabyte, are removed again.
 *
 * @throws Error where Go is missing or fails, or the module is another one
 */
export async function versitygw() {
  const program = join(CACHE, `versitygw-${VERSION}`, 'versitygw');
  if (!existsSync(program)) await build(program);
  return program;
}

async function build(program) {
  await mkdir(CACHE, { recursive: true });
  const work = await mkdtemp(join(CACHE, 'versitygw-'));
  try {
    await install(work);
    await checkModule(join(work, 'versitygw'));
    await mkdir(join(program, '..'), { recursive: true });
    // Another run may have been faster.
    if (!existsSync(program)) await rename(join(work, 'versitygw'), program);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function install(work) {
  const own = { GOBIN: work, GOCACHE: join(work, 'build'), GOMODCACHE: join(work, 'modules') };
  // Modules are kept without the right to write, so that they could not be removed.
  const env = { ...process.env, ...own, GOFLAGS: '-modcacherw -trimpath', CGO_ENABLED: '0' };
  await run('go', ['install', '-ldflags=-s -w', `${MODULE}/cmd/versitygw@v${VERSION}`], {
    env,
    cwd: work,
  }).catch((error) => {
    throw new Error(`Go did not build versitygw ${VERSION} (go must be installed): ${error.message}`);
  });
}

/** @throws Error where the program is not made of the module that is pinned */
export async function checkModule(program, sum = SUM) {
  const { stdout } = await run('go', ['version', '-m', program]);
  const [, , version, found] = /^\tmod\t(\S+)\t(\S+)\t(\S+)/m.exec(stdout) ?? [];
  if (version !== `v${VERSION}` || found !== sum)
    throw new Error(`${program} is versitygw ${version} with ${found}, not v${VERSION} with ${sum}.`);
}
