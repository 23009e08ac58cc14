import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../project-files.mjs';

/** Where the engines that stay up are written down. */
const FOLDER = process.env.ALLUVIUM_ENGINES_DIR ?? join(root, '.cache/engines');
const END_MS = 15_000;

/** What was started under this name and still runs; undefined where nothing does. */
export function findUp(name) {
  const path = recordPath(name);
  if (!existsSync(path)) return undefined;
  const record = JSON.parse(readFileSync(path, 'utf8'));
  return isOurs(record) ? record : undefined;
}

/** Writes down an engine that stays up. */
export function writeUp(name, { pid, directory, variables, version }) {
  mkdirSync(FOLDER, { recursive: true });
  // It holds a password.
  writeFileSync(recordPath(name), JSON.stringify({ pid, directory, variables, version }), { mode: 0o600 });
}

/** Ends what was started under this name, by its own pid, and removes its data. Resolves with whether anything ran. */
export async function takeDown(name) {
  const record = findUp(name);
  if (record) {
    process.kill(record.pid, 'SIGTERM');
    for (const until = Date.now() + END_MS; isOurs(record) && Date.now() < until;)
      await new Promise((resolve) => setTimeout(resolve, 50));
    if (isOurs(record)) process.kill(record.pid, 'SIGKILL');
    rmSync(record.directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }
  rmSync(recordPath(name), { force: true });
  return record !== undefined;
}

function recordPath(name) {
  return join(FOLDER, `${name}.json`);
}

/** A pid may be another process's by now: ours names its own folder in its arguments. */
function isOurs({ pid, directory }) {
  try {
    const proc = `/proc/${pid}/cmdline`;
    const args = existsSync(proc)
      ? readFileSync(proc, 'utf8')
      : execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
    return args.includes(directory);
  } catch {
    return false;
  }
}
