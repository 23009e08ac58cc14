import { AlluviumError } from '#event-model';
import type { PluginProblem } from '#plugin-kit';

/** A problem, and the folder of the plugin that has it. */
export interface FoundProblem extends PluginProblem {
  /** Path of the plugin's folder, or of the folder of all plugins where that one is to blame. */
  readonly folder: string;
}

/** Plugins that can't be loaded: every problem of every plugin at once. Code `plugin_invalid`. */
export class PluginLoadError extends AlluviumError {
  readonly problems: readonly FoundProblem[];

  constructor(problems: readonly FoundProblem[]) {
    const list = problems.map(({ folder, what, mend }) => `  ${folder}: ${what}. To mend it: ${mend}.`);
    super(`Plugins can't be loaded:\n${list.join('\n')}`, { code: 'plugin_invalid', retryable: false });
    this.problems = problems;
  }
}
