import type { PluginProblem } from '#plugin-kit';
import type { FoundPlugin } from './found-plugin.js';
import type { PluginState } from './plugin-entry.js';
import { untrusted } from './plugin-troubles.js';

/** What became of a plugin at the last look. */
export interface JudgedPlugin {
  readonly found: FoundPlugin;
  readonly state: Exclude<PluginState, 'suspended'>;
  readonly problems: readonly PluginProblem[];
}

/** What is to be said of what lies in a folder, before any of it runs. @param trusted SHA-256 of what of it may run */
export function judgeFolder(found: FoundPlugin, trusted: readonly string[]): JudgedPlugin {
  const { folder, sha256, problems } = found;
  if (problems.length > 0 || sha256 === undefined) return { found, state: 'broken', problems };
  if (trusted.includes(sha256)) return { found, state: 'loaded', problems };
  return { found, state: 'untrusted', problems: [untrusted(folder, sha256)] };
}
