import { constants, type BigIntStats } from 'node:fs';
import { open, realpath, stat, type FileHandle } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { EnricherDataError } from '#plugin-kit';

/** No folder, and nothing hidden: it can't lead anywhere else. */
const FILE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,126}$/;
/** Neither a link that was put there meanwhile is followed, nor a pipe waited for. */
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** The stamp of a file that isn't there. */
export const ABSENT = 'absent';

/** A file as it was at some time. */
export interface EnrichmentFile {
  readonly bytes: Uint8Array;
  /** Another one when the file is another one. */
  readonly stamp: string;
}

interface ReadOnce {
  readonly path: string;
  readonly name: string;
  readonly stamp: string;
}

/**
 * Files that enrichers read: those in one folder, which every tenant's enrichments may name, and those in a folder in it of
 * a tenant's name, which only that tenant's may; there they are looked for first. Nothing outside of it is read, by links neither.
 */
export class EnrichmentFiles {
  /** Bytes that are in use, by their stamps: a database is in memory once, however often it is named. */
  readonly #inUse = new Map<string, WeakRef<Uint8Array>>();
  /** Bytes that are being read, by their stamps: at a start many ask for one database at once. */
  readonly #coming = new Map<string, Promise<Uint8Array>>();

  /** @param root path of the folder, which may be missing */
  constructor(private readonly root: string) {}

  /**
   * Reads a file whole.
   *
   * @param most bytes that it may have
   * @throws EnricherDataError where it isn't there, isn't a file, is larger, or changes meanwhile
   */
  async read(tenant: string, name: string, most: number): Promise<EnrichmentFile> {
    const path = await this.#find(tenant, name);
    if (path === undefined) throw this.#absent(tenant, name);
    try {
      const file = await open(path, FLAGS);
      try {
        return await this.#readOpen(file, { path, name, most });
      } finally {
        await file.close();
      }
    } catch (error) {
      if (error instanceof EnricherDataError) throw error;
      const what = `The file ${name} can't be read (${codeOf(error)}).`;
      throw fileError(what, 'Let the server read it.', error);
    }
  }

  /** What tells a file from the one that it was before; {@link ABSENT} where there is none. */
  async stamp(tenant: string, name: string): Promise<string> {
    const path = await this.#find(tenant, name);
    const found = path === undefined ? undefined : await stat(path, { bigint: true }).catch(() => undefined);
    return path === undefined || !found ? ABSENT : stampOf(path, found);
  }

  async #readOpen(
    file: FileHandle,
    { path, name, most }: { readonly path: string; readonly name: string; readonly most: number },
  ): Promise<EnrichmentFile> {
    const before = await file.stat({ bigint: true });
    if (!before.isFile()) throw fileError(`${name} is no file.`, 'Name a file.');
    if (before.size > BigInt(most)) {
      const what = `The file ${name} has ${before.size} bytes; ${most} are the most.`;
      throw fileError(what, 'Make it smaller.');
    }
    const stamp = stampOf(path, before);
    const known = this.#inUse.get(stamp)?.deref();
    if (known) return { bytes: known, stamp };
    const coming = this.#coming.get(stamp) ?? this.#readWhole(file, { path, name, stamp });
    return { bytes: await coming, stamp };
  }

  #readWhole(file: FileHandle, { path, name, stamp }: ReadOnce): Promise<Uint8Array> {
    const read = async (): Promise<Uint8Array> => {
      const bytes = await file.readFile();
      if (stampOf(path, await file.stat({ bigint: true })) !== stamp)
        throw fileError(
          `The file ${name} changed while it was read.`,
          'Write it under another name, then rename it.',
        );
      this.#remember(stamp, bytes);
      return bytes;
    };
    const reading = read().finally(() => this.#coming.delete(stamp));
    this.#coming.set(stamp, reading);
    return reading;
  }

  #remember(stamp: string, bytes: Uint8Array): void {
    for (const [other, ref] of this.#inUse) if (!ref.deref()) this.#inUse.delete(other);
    this.#inUse.set(stamp, new WeakRef(bytes));
  }

  /** The file's own path, without links; undefined where none of this name lies in the folder. */
  async #find(tenant: string, name: string): Promise<string | undefined> {
    if (!FILE_NAME.test(name)) return undefined;
    const root = await realpath(this.root).catch(() => undefined);
    if (root === undefined) return undefined;
    for (const folder of [join(root, tenant), root]) {
      const path = await realpath(join(folder, name)).catch(() => undefined);
      if (path?.startsWith(root + sep)) return path;
    }
    return undefined;
  }

  #absent(tenant: string, name: string): EnricherDataError {
    if (!FILE_NAME.test(name))
      return fileError(
        `${JSON.stringify(name)} is no name of a file.`,
        'Use letters, digits and . _ -, without a folder.',
      );
    return fileError(
      `There is no file ${name} among those for enrichments.`,
      `Put it into the server's folder for enrichments (ALLUVIUM_ENRICHMENT_DIR), or into ${tenant} in it.`,
    );
  }
}

function fileError(what: string, mend: string, cause?: unknown): EnricherDataError {
  return new EnricherDataError([{ option: 'file', what, mend }], cause);
}

function stampOf(path: string, { ino, size, mtimeNs }: BigIntStats): string {
  return `${path} ${ino} ${size} ${mtimeNs}`;
}

function codeOf(error: unknown): string {
  return (error as { readonly code?: string } | null)?.code ?? 'unknown';
}
