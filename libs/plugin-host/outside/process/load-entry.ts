import { pathToFileURL } from 'node:url';
import {
  isPlugin,
  unitTierProblems,
  type Plugin,
  type PluginManifest,
  type PluginProblem,
} from '#plugin-kit';
import { failed, ok, type Outcome } from '../../outcome.js';
import { pluginProblems } from '../../plugin-problems.js';

/** Imports a staged plugin and checks what it exports. */
export async function loadEntry(entry: string, manifest: PluginManifest): Promise<Outcome<Plugin>> {
  let module: unknown;
  try {
    module = await import(pathToFileURL(entry).href);
  } catch (error) {
    return failed([notImported(error)]);
  }
  const plugin = (module as { readonly default?: unknown }).default;
  if (!isPlugin(plugin)) return failed([NOT_DEFINED]);
  const problems = pluginProblems(plugin, manifest);
  if (problems.length > 0) return failed(problems);
  return plugin.kind === 'tier' && !('units' in plugin) ? failed(unitTierProblems(undefined)) : ok(plugin);
}

const NOT_DEFINED: PluginProblem = {
  what: 'the default export of index.ts was not made by definePlugin',
  mend: 'write: export default definePlugin({ kind, manifest, … }) with definePlugin of @alluvium/plugin-kit',
};

function notImported(error: unknown): PluginProblem {
  const code = (error as { readonly code?: unknown } | null)?.code;
  const why = error instanceof Error ? error.message : String(error);
  const mend =
    code === 'ERR_ACCESS_DENIED'
      ? 'a plugin may read nothing but its own files, run no program and load no native module: do without'
      : 'mend the error that it throws; importing a plugin must do nothing';
  return { what: `it can't be imported: ${why}`, mend };
}
