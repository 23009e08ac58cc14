import { readdirSync, existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Ticks of a second in /proc; 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;
const SAMPLE_MS = 250;

/** User and system CPU seconds of a process with all its threads, from the text of `/proc/<pid>/stat`. */
export function parseCpuSeconds(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Bytes of anonymous memory, from the text of `/proc/<pid>/status`. */
export function parseAnonymousBytes(status: string): number {
  return Number(/^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) * 1024;
}

/** CPU seconds that a running process has used. */
export function readCpuSeconds(pid: number): number {
  return parseCpuSeconds(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}

/** Bytes of all files below a directory; those that vanish meanwhile count as nothing. */
export function directoryBytes(directory: string): number {
  try {
    const entries = readdirSync(directory, { withFileTypes: true });
    return entries.reduce(
      (sum, entry) => sum + entryBytes(join(directory, entry.name), entry.isDirectory()),
      0,
    );
  } catch {
    return 0;
  }
}

function entryBytes(path: string, isDirectory: boolean): number {
  if (isDirectory) return directoryBytes(path);
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}

/** Watches what a process costs in memory: its anonymous pages, and files that it keeps on a memory file system. */
export class MemorySampler {
  /** Bytes, one value each 250 ms. */
  readonly samples: number[] = [];
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly pid: number,
    private readonly scratchDirectory: string,
  ) {
    this.timer = setInterval(() => this.sample(), SAMPLE_MS);
  }

  get peak(): number {
    return Math.max(0, ...this.samples);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private sample(): void {
    const path = `/proc/${this.pid}/status`;
    // A measurement that failed has ended the process: its own error is the one to be seen.
    if (!existsSync(path)) return this.stop();
    const anonymous = parseAnonymousBytes(readFileSync(path, 'utf8'));
    this.samples.push(anonymous + directoryBytes(this.scratchDirectory));
  }
}
