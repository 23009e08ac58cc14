import { z } from 'zod';

/** Version of the plugin contracts in this folder. Rises when a plugin written for the old one would break. */
export const PLUGIN_API_VERSION = 1;

/** Kinds of plugin that this version can load. */
export const PLUGIN_KINDS = ['event-type', 'tier'] as const;

/** `manifest.json` of a plugin; unknown keys are refused. */
export const pluginManifestSchema = z.strictObject({
  name: z
    .string()
    .regex(/^(event-type|tier)-[a-z0-9][a-z0-9-]{0,62}$/, 'must be <kind>-<name>, the name of its folder'),
  kind: z.enum(PLUGIN_KINDS),
  version: z.string().regex(/^\d+\.\d+\.\d+$/, 'must be a version such as 1.0.0'),
  apiVersion: z.number().int().positive(),
  stability: z.enum(['experimental', 'beta', 'stable']),
  title: z.string().min(1),
  description: z.string().min(1),
});

export type PluginManifest = z.infer<typeof pluginManifestSchema>;
