import { accessSync, constants, readFileSync, statfsSync } from 'node:fs';
import { totalmem } from 'node:os';

/** The file system that a path lies on. */
export interface FileSystem {
  /** Number of its kind, as Linux has it. */
  readonly type: number;
  /** Bytes that an ordinary user may still take. */
  readonly freeBytes: number;
  readonly totalBytes: number;
}

/** The machine as the checks see it: what a test can't have for real, it sets here. */
export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Reads a small file; undefined where it can't. */
  readonly readText: (path: string) => string | undefined;
  readonly fileSystem: (path: string) => FileSystem;
  /** The code of the error that writing to a directory, or to a file, would meet; undefined where it may be. */
  readonly writeRefused: (path: string) => string | undefined;
  readonly totalMemoryBytes: () => number;
  /** `linux`, `darwin` … and `x64`, `arm64` …, as Node has them. */
  readonly platform: string;
  readonly arch: string;
  /** As `20.19.0`. */
  readonly nodeVersion: string;
  /** Version of glibc; undefined where another C library is used. */
  readonly glibc: string | undefined;
  /** Number of the user; undefined where there are none. */
  readonly uid: number | undefined;
  /** Milliseconds since the epoch. */
  readonly wallMs: () => number;
  /** Milliseconds that only ever grow. */
  readonly steadyMs: () => number;
}

/** The machine that this process runs on. */
export function thisMachine(): Machine {
  return {
    env: process.env,
    readText: (path) => attempt(() => readFileSync(path, 'utf8')),
    fileSystem: (path) => {
      const { type, bavail, blocks, bsize } = statfsSync(path);
      return { type, freeBytes: bavail * bsize, totalBytes: blocks * bsize };
    },
    writeRefused: (path) => {
      try {
        accessSync(path, constants.R_OK | constants.W_OK);
        return undefined;
      } catch (error) {
        return (error as NodeJS.ErrnoException).code ?? 'unknown';
      }
    },
    totalMemoryBytes: totalmem,
    platform: process.platform,
    arch: process.arch,
    nodeVersion: process.versions.node,
    glibc: glibcVersion(),
    uid: process.getuid?.(),
    wallMs: Date.now,
    steadyMs: () => performance.now(),
  };
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function glibcVersion(): string | undefined {
  const { header } = process.report.getReport() as {
    readonly header: { readonly glibcVersionRuntime?: string };
  };
  return header.glibcVersionRuntime;
}
