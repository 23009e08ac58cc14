import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PluginManifest } from '#plugin-kit';
import type { PluginEntry } from './plugin-entry.js';
import { hashTree } from './tree.js';

/** What there is to say of the built-in plugins: they work, or the start would have failed. */
export class BuiltInEntries {
  readonly #root: string;
  #entries: Promise<readonly PluginEntry[]> | undefined;

  constructor(
    private readonly manifests: readonly PluginManifest[],
    root: URL | string,
  ) {
    this.#root = root instanceof URL ? fileURLToPath(root) : root;
  }

  /** Their files don't change while they run, so they are hashed once. */
  async entries(): Promise<readonly PluginEntry[]> {
    this.#entries ??= Promise.all(this.manifests.map((manifest) => this.#entryOf(manifest)));
    return this.#entries;
  }

  async #entryOf({ name, kind, version }: PluginManifest): Promise<PluginEntry> {
    const folder = join(this.#root, name);
    const hashed = await hashTree(folder);
    const sha256 = hashed.problems ? {} : { sha256: hashed.value };
    return {
      name,
      origin: 'built-in',
      kind,
      version,
      ...sha256,
      folder,
      state: 'loaded',
      problems: [],
      restarts: 0,
    };
  }
}
