import { unitTierName, type PluginManifest, type PluginProblem } from '#plugin-kit';
import type { PluginFolder } from '../discover-plugins.js';
import { readManifest } from '../read-manifest.js';
import { hashTree } from './tree.js';

/** What stands for something else in policies. */
const NO_TIERS: ReadonlySet<string> = new Set(['search', 'archive', 'delete', 'forever', 'from', 'for']);

/** A plugin as it lies in its folder, before any of its code runs. */
export interface FoundPlugin {
  readonly folder: PluginFolder;
  readonly manifest?: PluginManifest;
  readonly sha256?: string;
  readonly problems: readonly PluginProblem[];
}

/** Reads what a folder holds. @param taken names of the built-in plugins */
export async function findPlugin(folder: PluginFolder, taken: ReadonlySet<string>): Promise<FoundPlugin> {
  if (folder.problem) return { folder, problems: [folder.problem] };
  const [manifest, sha256] = await Promise.all([readManifest(folder), hashTree(folder.path)]);
  const problems = [...(manifest.problems ?? []), ...(sha256.problems ?? [])];
  if (manifest.problems) return { folder, problems };
  const found = { folder, manifest: manifest.value, ...(sha256.problems ? {} : { sha256: sha256.value }) };
  return { ...found, problems: [...problems, ...placeProblems(manifest.value, taken)] };
}

function placeProblems({ name, kind }: PluginManifest, taken: ReadonlySet<string>): readonly PluginProblem[] {
  const problems: PluginProblem[] = [];
  if (taken.has(name))
    problems.push({
      what: `the built-in plugin ${name} has that name`,
      mend: 'give the plugin another name',
    });
  if (kind === 'tier' && NO_TIERS.has(unitTierName({ name })))
    problems.push({
      what: `policies have another meaning for "${unitTierName({ name })}"`,
      mend: 'give the plugin another name',
    });
  return problems;
}
