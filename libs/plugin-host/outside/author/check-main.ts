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
  await tellSamples(folder, plugin.value);
  for (const { name, run: check } of wanted(folder, plugin.value)) {
    tell({ kind: 'begins', name });
    tell({ kind: 'checked', name, ...(await outcomeOf(check)) });
  }
}

/** A parser's samples say at each save what its author wants to know; of the other kinds the checks do. */
function wanted(folder: string, plugin: Plugin): ReturnType<typeof pluginChecks> {
  const isShort = process.argv[5] === 'samples' && plugin.kind === 'parser';
  return isShort ? [] : pluginChecks(folder, plugin);
}

async function tellSamples(folder: string, plugin: Plugin): Promise<void> {
  if (plugin.kind !== 'parser') return;
  try {
    tell({ kind: 'begins', name: 'its samples' });
    tell({ kind: 'samples', lines: runSampleLines(folder, plugin.parser) });
  } catch (error) {
    tell({ kind: 'checked', name: 'its samples', ...(await outcomeOf(() => rethrow(error))) });
  }
}

async function outcomeOf(check: () => void | Promise<void>): Promise<{ readonly failure?: string }> {
  try {
    await check();
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
