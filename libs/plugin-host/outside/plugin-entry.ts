import type { PluginKind, PluginProblem } from '#plugin-kit';

/**
 * `loaded`: it works. `untrusted`: its SHA-256 is not on the list. `broken`: it can't be loaded. `suspended`: it failed
 * again and again and was taken out: a parser's lines go to quarantine, an input does not listen, events go on without what
 * an enricher adds, and a notifier tells nobody.
 */
export type PluginState = 'loaded' | 'untrusted' | 'broken' | 'suspended';

export const PLUGIN_STATES: readonly PluginState[] = ['loaded', 'untrusted', 'broken', 'suspended'];

/** What an admin is told of a plugin. */
export interface PluginEntry {
  readonly name: string;
  readonly origin: 'built-in' | 'outside';
  /** Of the version that runs, else of the one that lies in the folder; absent where its manifest can't be read. */
  readonly kind?: PluginKind;
  readonly version?: string;
  /** SHA-256, hex, of the files that run, else of those in the folder. */
  readonly sha256?: string;
  readonly folder: string;
  readonly state: PluginState;
  /** What keeps it, or the version that lies in its folder, from being loaded. */
  readonly problems: readonly PluginProblem[];
  /** How often a process of it was started again since it was loaded. */
  readonly restarts: number;
}
