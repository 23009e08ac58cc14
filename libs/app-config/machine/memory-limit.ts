import { readFileSync } from 'node:fs';
import { totalmem } from 'node:os';

/** How the machine is asked for its memory. */
export interface MemoryProbe {
  /** Reads a small file; undefined where it can't. */
  readonly readText: (path: string) => string | undefined;
  /** Bytes of memory of the machine. */
  readonly totalBytes: () => number;
}

/** Limit of the control group, version 2 and version 1, as a container sees them. */
const LIMIT_FILES = ['/sys/fs/cgroup/memory.max', '/sys/fs/cgroup/memory/memory.limit_in_bytes'] as const;

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
  const limits = LIMIT_FILES.map((path) => Number(probe.readText(path) ?? NaN)).filter((limit) => limit > 0);
  return Math.min(probe.totalBytes(), ...limits);
}
