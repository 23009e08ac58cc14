import { statfs } from 'node:fs/promises';

/** Sizes of the file system that holds the data; bytes. */
export interface DiskSpace {
  readonly freeBytes: number;
  readonly totalBytes: number;
}

/** How much must stay free; the larger of the two counts. */
export interface DiskReserve {
  readonly bytes: number;
  readonly percent: number;
}

export interface DiskState extends DiskSpace {
  readonly reserveBytes: number;
  /** Free space has fallen to the reserve, or can't be told. */
  readonly low: boolean;
  /** Why the space can't be told. */
  readonly error?: string;
}

export interface DiskGuardOptions {
  readonly directory: string;
  /** Read anew at each look, since it may change while running. */
  readonly reserve: () => DiskReserve;
  readonly probe?: (directory: string) => Promise<DiskSpace>;
  readonly now?: () => number;
}

/** Milliseconds for which one look at the disk is good. */
const FRESH_MS = 1_000;

/** Knows whether the disk still has its reserve; looks at most once a second. */
export class DiskGuard {
  readonly #options: DiskGuardOptions;
  #look: Promise<DiskState> | undefined;
  #lookedAt = 0;

  constructor(options: DiskGuardOptions) {
    this.#options = options;
  }

  /** The disk as it was at most a second ago. Never rejects. */
  state(): Promise<DiskState> {
    const now = (this.#options.now ?? Date.now)();
    if (this.#look && now - this.#lookedAt < FRESH_MS) return this.#look;
    this.#lookedAt = now;
    this.#look = this.#read();
    return this.#look;
  }

  async #read(): Promise<DiskState> {
    const { directory, reserve, probe = readDiskSpace } = this.#options;
    try {
      const space = await probe(directory);
      const { bytes, percent } = reserve();
      const reserveBytes = Math.max(bytes, Math.floor((space.totalBytes * percent) / 100));
      return { ...space, reserveBytes, low: space.freeBytes <= reserveBytes };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { freeBytes: 0, totalBytes: 0, reserveBytes: 0, low: true, error: reason };
    }
  }
}

/** Space of the file system that holds a directory, as an ordinary user may use it. */
export async function readDiskSpace(directory: string): Promise<DiskSpace> {
  const { bavail, blocks, bsize } = await statfs(directory);
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
}
