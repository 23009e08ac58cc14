import type { SettingsProblem } from '../problems.js';

/** What is wrong where a setting names a file that can't be read. */
export function fileProblem(setting: string, path: string, error: unknown): SettingsProblem {
  const reason = error instanceof Error ? error.message : String(error);
  return {
    setting,
    where: 'environment or file of settings',
    given: path,
    expected: `a file that this process can read (${reason})`,
    mend: 'Correct the path, or let the user of this process read the file.',
  };
}
