import { allSettings } from '../definitions/all-settings.js';
import type { AnySetting } from '../definitions/setting.js';
import type { SourceReading } from '../given.js';
import { fileProblem } from './file-problem.js';
import type { SettingsInput } from './settings-input.js';

const NOTHING: SourceReading = { given: [], problems: [] };

/** Reads the settings whose variable names a file (`NAME_FILE`), as container secrets do; line ends at its end go. */
export function readNamedFiles(input: SettingsInput): SourceReading {
  const readings = allSettings
    .filter((setting) => !setting.environmentOnly)
    .map((setting) => readNamedFile(setting, input));
  return {
    given: readings.flatMap(({ given }) => given),
    problems: readings.flatMap(({ problems }) => problems),
  };
}

function readNamedFile(setting: AnySetting, { env, readText }: SettingsInput): SourceReading {
  const as = `${setting.env}_FILE`;
  const path = env[as];
  if (!path) return NOTHING;
  if (env[setting.env]) return { given: [], problems: [twice(setting, as)] };
  try {
    const value = readText(path).replace(/[\r\n]+$/, '');
    return { given: [{ setting, value, as, where: path }], problems: [] };
  } catch (error) {
    return { given: [], problems: [fileProblem(as, path, error)] };
  }
}

function twice(setting: AnySetting, as: string) {
  return {
    setting: as,
    where: 'environment',
    given: `a file, and ${setting.env} too`,
    expected: 'one of the two',
    mend: `Unset ${setting.env} or ${as}.`,
  };
}
