import { z } from 'zod';
import type { PluginProblem } from './plugin-problem.js';

/**
 * Version of the plugin contracts in this folder. It rises when a plugin written for the one before would break; what is
 * only added leaves it as it is.
 */
export const PLUGIN_API_VERSION = 1;

/** The oldest version that is still served: plugins written for it, or for one since, are loaded. */
export const OLDEST_PLUGIN_API = 1;

/** Kinds of plugin that this version can load. */
export const PLUGIN_KINDS = ['event-type', 'tier', 'parser', 'input', 'enricher', 'notifier'] as const;

export type PluginKind = (typeof PLUGIN_KINDS)[number];

/** `manifest.json` of a plugin; unknown keys are refused. Each key's description says what it must hold. */
export const pluginManifestSchema = z.strictObject({
  name: z
    .string()
    .regex(new RegExp(`^(${PLUGIN_KINDS.join('|')})-[a-z0-9][a-z0-9-]{0,62}$`), 'must be <kind>-<name>')
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
  config: z
    .record(z.string(), z.unknown())
    .superRefine(refuseConfig)
    .optional()
    .describe('the JSON Schema of its options, with "type": "object"'),
  samples: z
    .array(
      z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, 'must be a name of a file, without its ending'),
    )
    .min(1)
    .optional()
    .describe('names of files in samples/, without their ending, in the order in which people see them'),
});

export type PluginManifest = z.infer<typeof pluginManifestSchema>;

/** Options have names, so their schema is one of objects; and it must be a schema. */
function refuseConfig(config: Readonly<Record<string, unknown>>, context: z.RefinementCtx<unknown>): void {
  if (config['type'] !== 'object') context.addIssue({ code: 'custom', message: '"type" must be "object"' });
  try {
    z.fromJSONSchema(config as Parameters<typeof z.fromJSONSchema>[0]);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    context.addIssue({ code: 'custom', message: `is no JSON Schema: ${why}` });
  }
}

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
  const keys = Object.entries(shape).map(([name, type]) => (type.isOptional() ? `${name} (optional)` : name));
  return `a manifest is a JSON object with exactly ${keys.join(', ')}`;
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
  return [...problems, ...apiVersionProblems(apiVersion)];
}

/**
 * What is wrong with the plugin API that a plugin is written for: every version from the oldest that is served to the
 * newest is taken.
 */
export function apiVersionProblems(
  apiVersion: number,
  { oldest, newest } = { oldest: OLDEST_PLUGIN_API, newest: PLUGIN_API_VERSION },
): readonly PluginProblem[] {
  if (apiVersion >= oldest && apiVersion <= newest) return [];
  const spoken = oldest < newest ? `${oldest} to ${newest}` : String(newest);
  const mend =
    apiVersion > newest
      ? `install a newer version of Alluvium, or a version of the plugin for plugin API ${newest}`
      : `install a newer version of the plugin, one for plugin API ${newest}`;
  return [{ what: `"apiVersion" in manifest.json is ${apiVersion}, this server speaks ${spoken}`, mend }];
}
