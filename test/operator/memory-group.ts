import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = '/sys/fs/cgroup';

/** A control group whose processes may use so much memory together, as a container's may. */
export interface MemoryGroup {
  /** For people: `control group of version 1`. */
  readonly kind: string;
  /** A command that runs another one in the group. */
  run(command: readonly string[]): readonly string[];
  /** Most bytes that were used so far, the cache of files included. */
  peakBytes(): number;
  /** Processes that the kernel killed for want of memory. */
  kills(): number;
  /** For when all its processes have ended. */
  remove(): void;
}

/** Undefined where this machine lets nobody make one: mostly inside a container. */
export function makeMemoryGroup(limitBytes: number): MemoryGroup | undefined {
  return makeV2(limitBytes) ?? makeV1(limitBytes);
}

function makeV2(limitBytes: number): MemoryGroup | undefined {
  const folder = make(ROOT);
  if (folder === undefined) return undefined;
  try {
    writeFileSync(join(folder, 'memory.max'), String(limitBytes));
    writeFileSync(join(folder, 'memory.swap.max'), '0');
  } catch {
    rmdirSync(folder);
    return undefined;
  }
  return {
    ...runningIn(folder, 'control group of version 2'),
    peakBytes: () => Number(readFileSync(join(folder, 'memory.peak'), 'utf8')),
    kills: () => numberIn(join(folder, 'memory.events'), 'oom_kill'),
  };
}

/** Below this process's own group, which has room for others. */
function makeV1(limitBytes: number): MemoryGroup | undefined {
  const groups = readFileSync('/proc/self/cgroup', 'utf8');
  const own = /^\d+:(?:[^:]*,)?memory(?:,[^:]*)?:(\/.*)$/m.exec(groups)?.[1];
  const folder = own === undefined ? undefined : make(join(ROOT, 'memory', own));
  if (folder === undefined) return undefined;
  writeFileSync(join(folder, 'memory.limit_in_bytes'), String(limitBytes));
  return {
    ...runningIn(folder, 'control group of version 1'),
    peakBytes: () => Number(readFileSync(join(folder, 'memory.max_usage_in_bytes'), 'utf8')),
    kills: () => numberIn(join(folder, 'memory.oom_control'), 'oom_kill'),
  };
}

function make(parent: string): string | undefined {
  const folder = join(parent, `alluvium-test-${process.pid}`);
  try {
    mkdirSync(folder);
  } catch {
    return undefined;
  }
  if (existsSync(join(folder, 'cgroup.procs'))) return folder;
  // A folder of another file system is no group.
  rmdirSync(folder);
  return undefined;
}

function runningIn(folder: string, kind: string): Pick<MemoryGroup, 'kind' | 'run' | 'remove'> {
  const enter = `echo $$ > '${join(folder, 'cgroup.procs')}' && exec "$@"`;
  return {
    kind,
    run: (command) => ['/bin/sh', '-c', enter, 'sh', ...command],
    remove: () => rmdirSync(folder),
  };
}

function numberIn(path: string, name: string): number {
  const line = new RegExp(`^${name} (\\d+)$`, 'm').exec(readFileSync(path, 'utf8'));
  return Number(line?.[1] ?? Number.NaN);
}
