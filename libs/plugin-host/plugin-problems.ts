import { isDeepStrictEqual } from 'node:util';
import {
  enricherProblems,
  eventTypeProblems,
  inputProblems,
  notifierProblems,
  parserProblems,
  templateProblems,
  unitTierProblems,
  type Plugin,
  type PluginManifest,
  type PluginProblem,
} from '#plugin-kit';

/** What is wrong with what a plugin exports; empty where nothing is. @param manifest of its `manifest.json` */
export function pluginProblems(plugin: Plugin, manifest: PluginManifest): readonly PluginProblem[] {
  if (!isDeepStrictEqual(plugin.manifest, manifest))
    return [{ what: 'index.ts has another manifest than manifest.json', mend: MEND_MANIFEST }];
  if (plugin.kind !== manifest.kind)
    return [
      {
        what: `index.ts exports a plugin of kind "${plugin.kind}", manifest.json says "${manifest.kind}"`,
        mend: 'give both the same kind',
      },
    ];
  if (plugin.kind === 'event-type') return eventTypeProblems(manifest.name, plugin.eventType);
  if (plugin.kind === 'enricher') return enricherProblems(plugin.enricher);
  if (plugin.kind === 'notifier') return notifierProblems(plugin.notifier);
  if (plugin.kind === 'input') return inputProblems(plugin.input);
  // The built-in search tier is created by its host.
  if (plugin.kind === 'tier') return 'create' in plugin ? [] : unitTierProblems(plugin.units);
  if (plugin.kind !== 'parser') return [];
  return [...parserProblems(manifest, plugin.parser), ...templateProblems(plugin.template)];
}

const MEND_MANIFEST = "import it: import manifest from './manifest.json' with { type: 'json' }";
