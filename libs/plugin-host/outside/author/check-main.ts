import { pluginChecks, runSampleLines } from '#plugin-kit/contract';
import type { Plugin, PluginManifest } from '#plugin-kit';
import { loadEntry } from '../process/load-entry.js';
import type { CheckMessage } from './check-message.js';

/** The process in which an author's plugin is checked: a check that never ends is ended with it. */
async function run(folder: string, entry: string, manifest: PluginManifest): Promise<void> {
  const plugin = await loadEntry(entry, manifest);
  if (plugin.problems) {
    tell({ kind: 'problems', problems: plugin.problems });
    return;
  }
  tellSamples(folder, plugin.value);
  for (const { name, run: check } of wanted(folder, plugin.value)) {
    tell({ kind: 'begins', name });
    tell({ kind: 'checked', name, ...outcomeOf(check) });
  }
}

function wanted(folder: string, plugin: Plugin): ReturnType<typeof pluginChecks> {
  return process.argv[5] === 'samples' ? [] : pluginChecks(folder, plugin);
}

function tellSamples(folder: string, plugin: Plugin): void {
  if (plugin.kind !== 'parser') return;
  try {
    tell({ kind: 'begins', name: 'its samples' });
    tell({ kind: 'samples', lines: runSampleLines(folder, plugin.parser) });
  } catch (error) {
    tell({ kind: 'checked', name: 'its samples', ...outcomeOf(() => rethrow(error)) });
  }
}

function outcomeOf(check: () => void): { readonly failure?: string } {
  try {
    check();
    return {};
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}

function rethrow(error: unknown): never {
  throw error;
}

function tell(message: CheckMessage): void {
  process.send?.(message);
}

const [folder = '', entry = '', manifest = '{}'] = process.argv.slice(2);
await run(folder, entry, JSON.parse(manifest) as PluginManifest);
process.disconnect();
