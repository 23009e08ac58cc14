import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { discoverPlugins, type PluginFolder } from './discover-plugins.js';
import { loadPlugin, type ImportModule } from './load-plugin.js';
import type { Outcome } from './outcome.js';
import { PluginLoadError, type FoundProblem } from './plugin-host.errors.js';
import { readParserSamples } from './parsers/parser-samples.js';
import { createPluginRegistry, type PluginRegistry } from './plugin-registry.js';
import type { Plugin } from '#plugin-kit';

/**
 * Loads the built-in plugins: every folder in `root` is one.
 *
 * @param root path or file URL; `dist/plugins` at run time
 * @throws PluginLoadError with all problems of all plugins: a broken built-in plugin means a broken build
 */
export async function loadPlugins(
  root: URL | string,
  importModule: ImportModule = importBuiltIn,
): Promise<PluginRegistry> {
  const folders = await discoverPlugins(root instanceof URL ? fileURLToPath(root) : root);
  const loaded = await Promise.all(folders.map(async (folder) => loadOne(folder, importModule)));
  const problems = loaded.flatMap(problemsOf);
  if (problems.length > 0) throw new PluginLoadError(problems);
  const plugins = loaded.flatMap(({ outcome }) => (outcome.problems ? [] : [outcome.value]));
  return createPluginRegistry(plugins, new Map(await Promise.all(loaded.map(samplesOf))));
}

/** Where the build put a plugin's code beside the server's, both have one copy of the kit only if it is taken from there. */
function importBuiltIn(url: string): Promise<unknown> {
  const bundle = import.meta.bundle;
  return import(bundle === undefined ? url : new URL(`${basename(dirname(url))}.js`, bundle).href);
}

interface Loaded {
  readonly folder: PluginFolder;
  readonly outcome: Outcome<Plugin>;
}

async function loadOne(folder: PluginFolder, importModule: ImportModule): Promise<Loaded> {
  return { folder, outcome: await loadPlugin(folder, importModule) };
}

async function samplesOf({ folder, outcome }: Loaded) {
  if (outcome.problems || outcome.value.kind !== 'parser') return [folder.name, []] as const;
  return [folder.name, await readParserSamples(folder.path, outcome.value.manifest.samples)] as const;
}

function problemsOf({ folder, outcome }: Loaded): readonly FoundProblem[] {
  return (outcome.problems ?? []).map((problem) => ({ ...problem, folder: folder.path }));
}
