import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DoctorContext } from '../context.js';
import { fine, problem, warning, type Finding } from '../finding.js';

type Machine = DoctorContext['machine'];

/** Libraries of the engine by platform and processor. */
const ENGINES: Readonly<Record<string, string>> = {
  'linux-x64': '@chdb/lib-linux-x64-gnu',
  'linux-arm64': '@chdb/lib-linux-arm64-gnu',
  'darwin-x64': '@chdb/lib-darwin-x64',
  'darwin-arm64': '@chdb/lib-darwin-arm64',
};
const LEAST_NODE = [20, 19] as const;
/** Threads of libuv's pool, below which searches hold up acknowledgements. */
const LEAST_THREADS = 8;

/** Whether Node, the C library and what is installed are right for the server. */
export function checkPlatform({ machine }: DoctorContext): readonly Finding[] {
  return [...checkNode(machine), ...checkEngine(machine), ...checkThreads(machine), ...checkFlock(machine)];
}

function checkNode({ nodeVersion }: Machine): readonly Finding[] {
  const [major = 0, minor = 0] = nodeVersion.split('.').map(Number);
  const isOld = major < LEAST_NODE[0] || (major === LEAST_NODE[0] && minor < LEAST_NODE[1]);
  if (!isOld) return [fine('platform', `Node.js is ${nodeVersion}.`)];
  return [
    problem('platform', {
      what: `Node.js is ${nodeVersion}; the least is ${LEAST_NODE.join('.')}.`,
      where: process.execPath,
      mend: 'Install a newer one: https://nodejs.org/en/download',
    }),
  ];
}

function checkEngine({ platform, arch, glibc }: Machine): readonly Finding[] {
  const where = `${platform} on ${arch}`;
  const library = ENGINES[`${platform}-${arch}`];
  const complain = (what: string, mend: string): readonly Finding[] => [
    problem('platform', { what, where, mend }),
  ];
  if (library === undefined)
    return complain(
      'There is no library of the engine (chDB) for it.',
      'Take Linux or macOS on x64 or arm64; on Windows, WSL 2 is a Linux.',
    );
  if (platform === 'linux' && glibc === undefined)
    return complain(
      'The C library is not glibc, which the engine (chDB) needs; it may be musl.',
      'Take an image of Debian or Ubuntu, such as node:20-bookworm-slim, not one of Alpine.',
    );
  if (!isInstalled(library))
    return complain(
      `The engine's library ${library} is not installed.`,
      'Run npm ci again, on this machine and without --omit=optional: libraries of another system do not serve here.',
    );
  const version = glibc === undefined ? '' : `; glibc is ${glibc}`;
  return [fine('platform', `The engine's library is installed${version}.`, where)];
}

function isInstalled(library: string): boolean {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'node_modules', library))) {
    if (folder === dirname(folder)) return false;
    folder = dirname(folder);
  }
  return true;
}

function checkThreads({ env }: Machine): readonly Finding[] {
  const threads = env['UV_THREADPOOL_SIZE'];
  if (threads === undefined || threads === '' || Number(threads) >= LEAST_THREADS) return [];
  return [
    warning('platform', {
      what: `${threads} threads are shared by the log and the engine: slow searches would hold up acknowledgements.`,
      where: 'UV_THREADPOOL_SIZE',
      mend: `Unset it, and the start takes 16; or set it to ${LEAST_THREADS} or more.`,
    }),
  ];
}

function checkFlock({ platform, env }: Machine): readonly Finding[] {
  const folders = (env['PATH'] ?? '').split(':');
  if (platform !== 'linux' || folders.some((folder) => existsSync(join(folder, 'flock')))) return [];
  return [
    warning('platform', {
      what: 'The tool flock is missing: two containers that share a data directory would not see each other.',
      where: 'PATH',
      mend: 'Install util-linux, or make sure that only one container has the volume.',
    }),
  ];
}
