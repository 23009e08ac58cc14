import {
  loadSettings,
  SettingsError,
  type Settings,
  type SettingsInput,
  type SettingsProblem,
} from '#app-config';

/** The settings as far as they can be had, and what is wrong with them. */
export interface SettingsReading {
  /** Where there are problems: those that are right, with defaults for the others. */
  readonly settings: Settings;
  readonly problems: readonly SettingsProblem[];
}

/** Reads the settings that a start would have. Never throws for what is in them. */
export function readSettings(input: SettingsInput): SettingsReading {
  try {
    return { settings: loadSettings(input), problems: [] };
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return { settings: settingsWithout(error.problems, input), problems: error.problems };
  }
}

/** Leaves out the variables that are wrong, then the file too, then everything. */
function settingsWithout(problems: readonly SettingsProblem[], input: SettingsInput): Settings {
  const wrong = new Set(problems.map(({ setting }) => setting));
  const { ALLUVIUM_CONFIG: file, ...variables } = Object.fromEntries(
    Object.entries(input.env).filter(([name]) => !wrong.has(name)),
  );
  for (const env of [{ ...variables, ALLUVIUM_CONFIG: file }, variables]) {
    const settings = attempt({ ...input, env });
    if (settings) return settings;
  }
  return loadSettings({ ...input, env: {} });
}

function attempt(input: SettingsInput): Settings | undefined {
  try {
    return loadSettings(input);
  } catch {
    return undefined;
  }
}
