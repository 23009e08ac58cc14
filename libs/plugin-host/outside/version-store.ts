import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { PluginFolder } from '../discover-plugins.js';
import { failed, ok, type Outcome } from '../outcome.js';
import { copyTree, hashTree } from './tree.js';

/** Most versions of a plugin whose files are kept. */
export const KEPT_VERSIONS = 5;

const RECORD = 'versions.json';
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const recordSchema = z.object({
  active: sha256.optional(),
  before: sha256.optional(),
  held: z.boolean(),
  kept: z.array(z.object({ sha256, version: z.string(), keptAt: z.number() })),
});

/** A version whose files are kept. */
export interface KeptVersion {
  /** Of its files: hex. */
  readonly sha256: string;
  /** As its manifest says. */
  readonly version: string;
  /** Milliseconds since the epoch. */
  readonly keptAt: number;
}

/** What is remembered of a plugin's versions. */
export interface VersionRecord {
  /** SHA-256 of the one that was brought in last. */
  readonly active?: string | undefined;
  /** SHA-256 of the one before it: what a roll back leads to. */
  readonly before?: string | undefined;
  /** The active one stays until another is activated, whatever is trusted meanwhile. */
  readonly held: boolean;
  /** Oldest first. */
  readonly kept: readonly KeptVersion[];
}

const NOTHING: VersionRecord = { held: false, kept: [] };

/**
 * The files of the last versions of each plugin, by their SHA-256, and which of them was chosen. They are copies of what
 * was trusted; whoever runs one hashes what it runs again, so a change of these files lets nothing run that is not trusted.
 * One caller at a time.
 */
export class VersionStore {
  constructor(private readonly directory: string) {}

  /** What is remembered of a plugin; nothing where its record can't be read. */
  async read(plugin: string): Promise<VersionRecord> {
    try {
      return recordSchema.parse(JSON.parse(await readFile(this.#path(plugin, RECORD), 'utf8')));
    } catch {
      return NOTHING;
    }
  }

  /** Where the files of a kept version lie. */
  async folderOf(plugin: string, version: string): Promise<Outcome<PluginFolder>> {
    const path = this.#path(plugin, version);
    const files = await readdir(path).catch(() => undefined);
    if (files) return ok({ name: plugin, path, files });
    const what = `the files of the version ${version} are not kept any more`;
    return failed([{ what, mend: 'put them into its folder again and trust them' }]);
  }

  /** Keeps a copy of a version, and lets the oldest go that are too many. */
  async keep(folder: PluginFolder, version: Omit<KeptVersion, 'keptAt'>): Promise<Outcome<undefined>> {
    const record = await this.read(folder.name);
    if (record.kept.some((one) => one.sha256 === version.sha256)) return ok(undefined);
    const copied = await this.#copy(folder, version.sha256).catch(cantBeKept);
    if (copied.problems) return copied;
    const kept = [...record.kept, { ...version, keptAt: Date.now() }];
    const inUse = new Set([record.active, record.before]);
    const surplus = kept
      .slice(0, -1)
      .filter((one) => !inUse.has(one.sha256))
      .slice(0, Math.max(0, kept.length - KEPT_VERSIONS));
    const staying = kept.filter((one) => !surplus.includes(one));
    const written = await this.remember(folder.name, { ...record, kept: staying });
    if (written.problems) return written;
    for (const one of surplus)
      await rm(this.#path(folder.name, one.sha256), { recursive: true, force: true });
    return ok(undefined);
  }

  /** Writes what is to be remembered, at once or not at all. */
  async remember(plugin: string, record: VersionRecord): Promise<Outcome<undefined>> {
    const path = this.#path(plugin, RECORD);
    const text = `${JSON.stringify(record, undefined, 2)}\n`;
    try {
      await mkdir(this.#path(plugin), { recursive: true, mode: 0o700 });
      await writeFile(`${path}.new`, text, { mode: 0o600, flush: true });
      await rename(`${path}.new`, path);
      return ok(undefined);
    } catch (error) {
      return cantBeKept(error);
    }
  }

  async #copy(folder: PluginFolder, hash: string): Promise<Outcome<undefined>> {
    const target = this.#path(folder.name, hash);
    const coming = `${target}.new`;
    await rm(coming, { recursive: true, force: true });
    const copied = await copyTree(folder.path, coming);
    if (copied.problems) return copied;
    const hashed = await hashTree(coming);
    if (hashed.problems) return hashed;
    if (hashed.value !== hash) {
      await rm(coming, { recursive: true, force: true });
      return failed([{ what: 'its files changed while they were kept', mend: 'reload when they are whole' }]);
    }
    await rm(target, { recursive: true, force: true });
    await rename(coming, target);
    return ok(undefined);
  }

  #path(...parts: readonly string[]): string {
    return join(this.directory, ...parts);
  }
}

function cantBeKept(error: unknown): Outcome<never> {
  const why = error instanceof Error ? error.message : String(error);
  const mend = 'make room in the data directory, then reload: without it, it could not be rolled back to';
  return failed([{ what: `this version can't be kept: ${why}`, mend }]);
}
