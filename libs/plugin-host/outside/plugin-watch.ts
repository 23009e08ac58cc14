import type { PluginProblem } from '#plugin-kit';

/** Told of what befalls a plugin, to log and count it. */
export interface PluginWatch {
  /** Its process ended over what it was asked. */
  ended(plugin: string, why: string): void;
  suspended(plugin: string, why: string): void;
}

/** For processes whose ends are nobody's concern but who asked for them. */
export const NO_WATCH: PluginWatch = { ended: () => {}, suspended: () => {} };

/** What of a plugin runs, for whoever looks after it. */
export interface LivePlugin {
  /** Why it is out of work; undefined while it works. */
  readonly suspended: string | undefined;
  /** What of it doesn't work while the rest does. */
  readonly problems?: readonly PluginProblem[];
  /** How often its process was started again. */
  readonly restarts: number;
  /** Gives it another chance. */
  resume(): void;
}
