import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isPlugin, type Plugin, type PluginProblem } from '#plugin-kit';
import type { PluginFolder } from './discover-plugins.js';
import { failed, ok, type Outcome } from './outcome.js';
import { pluginProblems } from './plugin-problems.js';
import { readManifest } from './read-manifest.js';

/** Imports a module by its file URL. */
export type ImportModule = (url: string) => Promise<unknown>;

// Built code first: sources stand alone only in tests.
const ENTRIES = ['index.js', 'index.ts'];

/** Loads one plugin: its manifest is checked before any of its code runs, then what it exports. */
export async function loadPlugin(folder: PluginFolder, importModule: ImportModule): Promise<Outcome<Plugin>> {
  const manifest = await readManifest(folder);
  if (manifest.problems) return manifest;
  const exported = await importEntry(folder, importModule);
  if (exported.problems) return exported;
  const plugin = defaultExport(exported.value);
  if (!isPlugin(plugin)) return failed([NOT_DEFINED]);
  const problems = pluginProblems(plugin, manifest.value);
  return problems.length > 0 ? failed(problems) : ok(plugin);
}

const NOT_DEFINED: PluginProblem = {
  what: 'the default export of index.ts was not made by definePlugin',
  mend: 'write: export default definePlugin({ kind, manifest, … }) with definePlugin of #plugin-kit',
};

async function importEntry(folder: PluginFolder, importModule: ImportModule): Promise<Outcome<unknown>> {
  const entry = ENTRIES.find((name) => folder.files.includes(name));
  if (entry === undefined)
    return failed([{ what: 'there is no index.ts', mend: 'add one whose default export is the plugin' }]);
  try {
    return ok(await importModule(pathToFileURL(join(folder.path, entry)).href));
  } catch (error) {
    const what = `${entry} can't be imported: ${error instanceof Error ? error.message : String(error)}`;
    return failed([{ what, mend: 'mend the error it throws; importing a plugin must do nothing' }]);
  }
}

function defaultExport(module: unknown): unknown {
  return typeof module === 'object' && module !== null && 'default' in module ? module.default : undefined;
}
