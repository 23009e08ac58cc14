import { z } from 'zod';
import { PLUGIN_STATES } from '#plugin-host';
import { PLUGIN_KINDS } from '#plugin-kit';

const problem = z.object({
  what: z.string().describe('What is wrong, and where.'),
  mend: z.string().describe('What has to be done.'),
});

const plugin = z.object({
  name: z.string().describe('`<kind>-<name>`, the name of its folder.'),
  origin: z.enum(['built-in', 'outside']).describe('`outside`: it lies in the directory of `plugins_dir`.'),
  kind: z.enum(PLUGIN_KINDS).nullable().describe('`null` where its manifest can’t be read.'),
  version: z.string().nullable(),
  sha256: z.string().nullable().describe('Of the files that run; where none do, of those in the folder.'),
  folder: z.string(),
  state: z
    .enum(PLUGIN_STATES as readonly [string, ...string[]])
    .describe(
      '`loaded`: it works. `untrusted`: its SHA-256 is not on the list. `broken`: it can’t be loaded. `suspended`: it failed again and again: lines for a parser go to quarantine, an input does not listen, events go on without what an enricher adds, a notifier tells nobody.',
    ),
  problems: z
    .array(problem)
    .describe('What keeps it from working; of one that works, what keeps its new version from it.'),
  restarts: z.number().int().describe('How often its process was started again since it was loaded.'),
});

export const pluginListSchema = z.object({
  plugins_dir: z
    .string()
    .nullable()
    .describe('Where outside plugins lie; `null` where the setting is not set.'),
  problems: z
    .array(problem)
    .describe('What is wrong with that directory or its list; then all runs as before.'),
  plugins: z.array(plugin),
});

export type PluginList = z.infer<typeof pluginListSchema>;
export type ShownPlugin = PluginList['plugins'][number];
