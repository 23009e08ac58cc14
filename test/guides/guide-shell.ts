import { spawn } from 'node:child_process';
import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunBlock } from './guide-page.js';

/** What a reader has before the first command of a page. */
export interface ReaderPlace {
  /** Where the reader stands: a folder like a clone of this repository. */
  readonly directory: string;
  /** Base address of the reader's server, in place of {@link SHOWN_ADDRESS}. */
  readonly url: string;
  /** A free port for a server that the page starts itself, in place of {@link SHOWN_OTHER_PORT}. */
  readonly otherPort: number;
}

/** What became of one block. */
export interface BlockRun {
  /** 0 where every command of it succeeded; undefined where the shell had ended before. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** The server's address as pages show it. */
export const SHOWN_ADDRESS = /\b(?:127\.0\.0\.1|localhost):8080\b/g;

/** The port, as pages show it, of a second server beside that one. */
export const SHOWN_OTHER_PORT = /\b8081\b/g;

const ROOT = join(import.meta.dirname, '../..');
/** What no fresh clone has, and the packages, which are linked one by one. */
const NOT_COPIED = new Set(['.git', '.cache', 'data', 'coverage', 'node_modules']);
const RECORDS = '.blocks';

/**
 * Makes a folder into what a reader has after `git clone`, `npm ci` and a build. It is a copy, and of the packages there
 * are links only: whatever a page does there, up to another `npm ci`, this checkout stays as it is.
 */
export async function makeClone(directory: string): Promise<void> {
  const names = (await readdir(ROOT)).filter((name) => !NOT_COPIED.has(name));
  await Promise.all(names.map((name) => cp(join(ROOT, name), join(directory, name), { recursive: true })));
  const packages = join(directory, 'node_modules');
  await Promise.all([mkdir(packages), mkdir(join(directory, 'home'))]);
  const installed = await readdir(join(ROOT, 'node_modules'));
  await Promise.all(installed.map((name) => symlink(join(ROOT, 'node_modules', name), join(packages, name))));
}

/**
 * Runs the blocks of a page, one after the other in one `bash -e`, as a reader pastes them. What they leave running ends
 * with the shell. Gives one entry for each block; those behind one that failed have no code.
 *
 * @param timeoutMs milliseconds for all of them
 */
export async function runBlocks(
  blocks: readonly RunBlock[],
  place: ReaderPlace,
  timeoutMs: number,
): Promise<readonly BlockRun[]> {
  const records = join(place.directory, RECORDS);
  await mkdir(records);
  const address = new URL(place.url).host;
  const texts = blocks.map(({ text }) =>
    text.replace(SHOWN_ADDRESS, address).replace(SHOWN_OTHER_PORT, String(place.otherPort)),
  );
  await Promise.all(texts.map((text, index) => writeFile(join(records, `${index}.sh`), text)));
  const code = await runShell(driver(blocks.length), place, timeoutMs);
  return Promise.all(blocks.map((_block, index) => readRun(join(records, String(index)), code)));
}

/** Each block is read by the same shell, so that what one sets, the next has. */
function driver(count: number): string {
  const steps = Array.from({ length: count }, (_none, index) => {
    const record = `"$GUIDE_BLOCKS"/${index}`;
    return `exec >${record}.out 2>${record}.err; . ${record}.sh; echo 0 >${record}.code`;
  });
  return [`GUIDE_BLOCKS=$PWD/${RECORDS}`, ...steps].join('\n');
}

function runShell(script: string, place: ReaderPlace, timeoutMs: number): Promise<number | null> {
  const { port } = new URL(place.url);
  return new Promise((resolve, reject) => {
    const shell = spawn('bash', ['-e', '-o', 'pipefail', '-c', script], {
      cwd: place.directory,
      // A group of its own, by which what it leaves running is ended.
      detached: true,
      stdio: 'ignore',
      env: {
        // As README tells readers to set it up.
        PATH: `${join(place.directory, 'bin')}:${process.env['PATH'] ?? ''}`,
        HOME: join(place.directory, 'home'),
        TMPDIR: join(place.directory, 'home'),
        LANG: 'C.UTF-8',
        npm_config_offline: 'true',
        npm_config_update_notifier: 'false',
        ALLUVIUM_URL: place.url,
        ALLUVIUM_HTTP_PORT: port,
      },
    });
    const end = (): void => endGroup(shell.pid);
    const timer = setTimeout(end, timeoutMs);
    process.once('exit', end);
    shell.once('error', reject);
    shell.once('exit', (code) => {
      clearTimeout(timer);
      process.removeListener('exit', end);
      end();
      resolve(code);
    });
  });
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing is left of it.
  }
}

async function readRun(record: string, shellCode: number | null): Promise<BlockRun> {
  const read = (ending: string): Promise<string | undefined> =>
    readFile(`${record}.${ending}`, 'utf8').catch(() => undefined);
  const [stdout, stderr, done] = await Promise.all([read('out'), read('err'), read('code')]);
  const ended = stdout === undefined ? undefined : (shellCode ?? -1);
  return { code: done === undefined ? ended : 0, stdout: stdout ?? '', stderr: stderr ?? '' };
}
