/** How the memory of the process is shared out. */
export interface Budgets {
  /** Bytes the column engine may use (`max_server_memory_usage`). */
  readonly engineBytes: number;
  /** MiB of Node's old space (`--max-old-space-size`), which the launcher sets before Node starts. */
  readonly nodeHeapMiB: number;
  /** Bytes of request bodies and batches on their way, outside Node's heap. */
  readonly inFlightBytes: number;
  /** Bytes of block files on the memory file system. */
  readonly scratchBytes: number;
}

const MIB = 2 ** 20;
const GIB = 2 ** 30;

/**
 * Shares out a memory limit in bytes. What is left, some 15 %, is for code, thread stacks and the pages of the log. The
 * parts outside the engine stop growing where more would not help, and the engine takes what they leave.
 */
export function deriveBudgets(memoryLimitBytes: number): Budgets {
  const nodeHeapMiB = clamp(Math.floor(memoryLimitBytes / 5 / MIB), 96, 4096);
  const inFlightBytes = clamp(Math.floor(memoryLimitBytes / 10), 48 * MIB, GIB);
  const scratchBytes = clamp(Math.floor(memoryLimitBytes / 10), 48 * MIB, GIB);
  const rest = memoryLimitBytes * 0.85 - nodeHeapMiB * MIB - inFlightBytes - scratchBytes;
  return { engineBytes: Math.max(Math.floor(rest), 192 * MIB), nodeHeapMiB, inFlightBytes, scratchBytes };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
