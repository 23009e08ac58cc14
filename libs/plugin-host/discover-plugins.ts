import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { PluginProblem } from '#plugin-kit';
import { PluginLoadError } from './plugin-host.errors.js';
import { isGone, unreadable } from './unreadable.js';

/** A folder that holds, or should hold, a plugin. */
export interface PluginFolder {
  readonly name: string;
  readonly path: string;
  /** Names of the files in it. */
  readonly files: readonly string[];
  /** Why they are not known. */
  readonly problem?: PluginProblem;
}

/**
 * The plugin folders in `root`, by name: every folder that isn't hidden, whatever it holds, so that a plugin whose
 * manifest is missing is told of and not passed over. One that is removed meanwhile is left out.
 *
 * @throws PluginLoadError where `root` can't be read
 */
export async function discoverPlugins(root: string): Promise<readonly PluginFolder[]> {
  const entries = await readdir(root, { withFileTypes: true }).catch((cause: unknown) => refuse(root, cause));
  const names = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
  const folders = await Promise.all(names.map(({ name }) => readFolder(name, join(root, name))));
  return folders.filter((one) => one !== undefined).sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function readFolder(name: string, path: string): Promise<PluginFolder | undefined> {
  try {
    return { name, path, files: await readdir(path) };
  } catch (error) {
    return isGone(error) ? undefined : { name, path, files: [], problem: unreadable('its folder', error) };
  }
}

function refuse(folder: string, cause: unknown): never {
  const what = `the folder of the plugins can't be read: ${cause instanceof Error ? cause.message : String(cause)}`;
  throw new PluginLoadError([{ folder, what, mend: 'build again, or install again' }]);
}
