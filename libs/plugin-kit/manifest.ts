import { z } from 'zod';
import type { PluginProblem } from './plugin-problem.js';

/** Version of the plugin contracts in this folder. Rises when a plugin written for the old one would break. */
export const PLUGIN_API_VERSION = 1;

/** Kinds of plugin that this version can load. */
export const PLUGIN_KINDS = ['event-type', 'tier', 'parser', 'input'] as const;

export type PluginKind = (typeof PLUGIN_KINDS)[number];

/** `manifest.json` of a plugin; unknown keys are refused. Each key's description says what it must hold. */
export const pluginManifestSchema = z.strictObject({
  name: z
    .string()
    .regex(/^(event-type|tier|parser|input)-[a-z0-9][a-z0-9-]{0,62}$/, 'must be <kind>-<name>')
    .describe('<kind>-<name>, the name of its folder'),
  kind: z.enum(PLUGIN_KINDS).describe(`one of ${PLUGIN_KINDS.join(', ')}`),
  version: z
    .string()
    .regex(/^\d+\.\d+\.\d+$/, 'must be three numbers')
    .describe('a version such as 1.0.0'),
  apiVersion: z.number().int().positive().describe(`${PLUGIN_API_VERSION}, the plugin API it is written for`),
  stability: z.enum(['experimental', 'beta', 'stable']).describe('one of experimental, beta, stable'),
  title: z.string().min(1).describe('a short name for lists'),
  description: z.string().min(1).describe('a sentence on what it does'),
});

export type PluginManifest = z.infer<typeof pluginManifestSchema>;

type ManifestKey = keyof PluginManifest;

/**
 * What is wrong with the parsed `manifest.json` of a plugin folder; empty where nothing is.
 *
 * @param folder the folder's own name, without its path
 */
export function manifestProblems(folder: string, manifest: unknown): readonly PluginProblem[] {
  const read = pluginManifestSchema.safeParse(manifest);
  return read.success ? agreementProblems(folder, read.data) : read.error.issues.map(shapeProblem);
}

function shapeProblem(issue: z.core.$ZodIssue): PluginProblem {
  const key = issue.path[0];
  const where = key === undefined ? 'manifest.json' : `"${String(key)}" in manifest.json`;
  return { what: `${where}: ${issue.message}`, mend: mendShape(key) };
}

function mendShape(key: PropertyKey | undefined): string {
  const { shape } = pluginManifestSchema;
  if (typeof key === 'string' && key in shape) return `set it to ${shape[key as ManifestKey].description}`;
  return `a manifest is a JSON object with exactly ${Object.keys(shape).join(', ')}`;
}

function agreementProblems(folder: string, manifest: PluginManifest): readonly PluginProblem[] {
  const { name, kind, apiVersion } = manifest;
  const problems: PluginProblem[] = [];
  if (name !== folder)
    problems.push({
      what: `"name" in manifest.json is "${name}", its folder is "${folder}"`,
      mend: 'give both the same name',
    });
  if (!name.startsWith(`${kind}-`))
    problems.push({
      what: `"name" in manifest.json is "${name}", its kind is "${kind}"`,
      mend: `start the name (and the folder's) with "${kind}-", or set the other kind`,
    });
  if (apiVersion !== PLUGIN_API_VERSION)
    problems.push({
      what: `"apiVersion" in manifest.json is ${apiVersion}, this server speaks ${PLUGIN_API_VERSION}`,
      mend: `install a version of the plugin for plugin API ${PLUGIN_API_VERSION}`,
    });
  return problems;
}
