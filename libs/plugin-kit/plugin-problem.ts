/** Something about a plugin that keeps it from being loaded. */
export interface PluginProblem {
  /** What is wrong, and where in the plugin. */
  readonly what: string;
  /** What its author has to do. */
  readonly mend: string;
}
