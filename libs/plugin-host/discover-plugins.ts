import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PluginLoadError } from './plugin-host.errors.js';

/** A folder that holds, or should hold, a plugin. */
export interface PluginFolder {
  readonly name: string;
  readonly path: string;
  /** Names of the files in it. */
  readonly files: readonly string[];
}

/**
 * The plugin folders in `root`, by name: every folder that isn't hidden, whatever it holds, so that a plugin whose
 * manifest is missing is told of and not passed over.
 *
 * @throws PluginLoadError where `root` can't be read
 */
export async function discoverPlugins(root: string): Promise<readonly PluginFolder[]> {
  const entries = await readdir(root, { withFileTypes: true }).catch((cause: unknown) => refuse(root, cause));
  const names = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
  const folders = names.map(async ({ name }) => {
    const path = join(root, name);
    return { name, path, files: await readdir(path) };
  });
  return (await Promise.all(folders)).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function refuse(folder: string, cause: unknown): never {
  const what = `the folder of the plugins can't be read: ${cause instanceof Error ? cause.message : String(cause)}`;
  throw new PluginLoadError([{ folder, what, mend: 'build again, or install again' }]);
}
