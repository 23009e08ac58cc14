import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { manifestProblems, pluginManifestSchema, type PluginManifest, type PluginProblem } from '#plugin-kit';
import type { PluginFolder } from './discover-plugins.js';
import { failed, ok, type Outcome } from './outcome.js';
import { unreadable } from './unreadable.js';

/** Reads and checks the `manifest.json` of a plugin's folder. */
export async function readManifest(folder: PluginFolder): Promise<Outcome<PluginManifest>> {
  if (folder.problem) return failed([folder.problem]);
  if (!folder.files.includes('manifest.json'))
    return failed([
      {
        what: 'there is no manifest.json',
        mend: 'add one, and import it in index.ts so that it is built; or remove the folder',
      },
    ]);
  try {
    return parseManifest(folder.name, await readFile(join(folder.path, 'manifest.json'), 'utf8'));
  } catch (error) {
    return failed([unreadable('manifest.json', error)]);
  }
}

function parseManifest(folder: string, text: string): Outcome<PluginManifest> {
  const json = parseJson(text);
  if (json.problems) return json;
  const problems = manifestProblems(folder, json.value);
  return problems.length > 0 ? failed(problems) : ok(pluginManifestSchema.parse(json.value));
}

function parseJson(text: string): Outcome<unknown> {
  try {
    return ok(JSON.parse(text));
  } catch (error) {
    return failed([notJson(error)]);
  }
}

function notJson(error: unknown): PluginProblem {
  return { what: `manifest.json is no JSON: ${String(error)}`, mend: 'write it as one JSON object' };
}
