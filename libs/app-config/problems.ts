import { AlluviumError } from '#event-model';

/** One thing that is wrong with the settings. */
export interface SettingsProblem {
  /** The setting as it was named: an environment variable, a path in the YAML file, a name in a patch. */
  readonly setting: string;
  /** Where it was given: the environment, a file's path, the stored record. */
  readonly where: string;
  /** What was given, as printable text; masked for secrets. */
  readonly given: string;
  readonly expected: string;
  readonly mend: string;
}

/** Everything that is wrong with the settings, at once. Code `settings_invalid`, not retryable. */
export class SettingsError extends AlluviumError {
  constructor(readonly problems: readonly SettingsProblem[]) {
    super(summary(problems), { code: 'settings_invalid', retryable: false });
  }
}

/** A problem on one line. */
export function formatProblem({ setting, where, given, expected, mend }: SettingsProblem): string {
  return `${setting} (${where}): given ${given}, expected ${expected}. ${mend}`;
}

function summary(problems: readonly SettingsProblem[]): string {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return [`${count} with the settings:`, ...problems.map((each) => `  - ${formatProblem(each)}`)].join('\n');
}
