import { after, test } from 'node:test';
import { pluginChecks } from '#plugin-kit/contract';
import { loadEntry } from '../process/load-entry.js';
import { stageForAuthor } from './author-stage.js';

/**
 * Runs, with Node's own test runner, all that a plugin must hold: manifest, README, samples and the contract of its kind.
 * The one line of a plugin's test: `await testPlugin(import.meta.dirname)`.
 *
 * @param folder path of the plugin's folder
 * @throws Error with all problems where the plugin can't be loaded
 */
export async function testPlugin(folder: string): Promise<void> {
  const { staged, remove } = await stageForAuthor(folder);
  after(remove);
  if (staged.problems) throw new Error(told(staged.problems));
  const plugin = await loadEntry(staged.value.entry, staged.value.manifest);
  if (plugin.problems) throw new Error(told(plugin.problems));
  for (const { name, run } of pluginChecks(folder, plugin.value)) test(name, run);
}

function told(problems: readonly { readonly what: string; readonly mend: string }[]): string {
  return problems.map(({ what, mend }) => `${what}. To mend it: ${mend}.`).join('\n');
}
