import { readFileSync } from 'node:fs';
import { totalmem } from 'node:os';

/** How the machine is asked for its memory. */
export interface MemoryProbe {
  /** Reads a small file; undefined where it can't. */
  readonly readText: (path: string) => string | undefined;
  /** Bytes of memory of the machine. */
  readonly totalBytes: () => number;
}

/** Where the two versions of control groups keep the limit; a container sees its own at the root. */
const V2 = { root: '/sys/fs/cgroup', file: 'memory.max' } as const;
const V1 = { root: '/sys/fs/cgroup/memory', file: 'memory.limit_in_bytes' } as const;
/** Names the groups of this process, as a service of systemd has one below the root. */
const OWN_GROUPS = '/proc/self/cgroup';

const machine: MemoryProbe = {
  readText: (path) => {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return undefined;
    }
  },
  totalBytes: totalmem,
};

/**
 * Bytes that this process may use: the setting, else the control group's limit, else the machine's memory. A limit
 * above the machine's memory is none (version 1 writes a huge number for "unlimited", version 2 the word `max`).
 */
export function resolveMemoryLimit(setting: number | undefined, probe: MemoryProbe = machine): number {
  if (setting !== undefined) return setting;
  const files = limitFiles(probe.readText(OWN_GROUPS) ?? '');
  const limits = files.map((path) => Number(probe.readText(path) ?? NaN)).filter((limit) => limit > 0);
  return Math.min(probe.totalBytes(), ...limits);
}

/** Files of limits that hold for this process: those of its groups and of the groups around them. */
function limitFiles(ownGroups: string): readonly string[] {
  const own = ownGroups.split('\n').flatMap((line) => {
    const [, controllers = '', path = ''] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    const version = controllers === '' ? V2 : controllers.split(',').includes('memory') ? V1 : undefined;
    return version ? pathsUp(path).map((group) => `${version.root}${group}/${version.file}`) : [];
  });
  return [`${V2.root}/${V2.file}`, `${V1.root}/${V1.file}`, ...own];
}

/** `/a/b` and `/a`. */
function pathsUp(path: string): readonly string[] {
  const names = path.split('/').filter((name) => name !== '');
  return names.map((_, at) => `/${names.slice(0, names.length - at).join('/')}`);
}
