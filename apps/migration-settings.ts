import { loadSettings, SettingsError, type Settings } from '#app-config';
import { CliError } from './cli/cli-error.js';
import { EXIT } from './cli/exit-codes.js';

/** The settings of the appliance that goes on. @throws CliError where they are wrong, or those of an embedded one */
export function migrationSettings(): Settings {
  try {
    const settings = loadSettings();
    const { mongodbUri, clickhouseUrl } = settings.boot;
    if (mongodbUri !== undefined && clickhouseUrl !== undefined) return settings;
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    const lines = error.problems.map(({ expected, mend }) => `${expected}: ${mend}`);
    throw new CliError(`The settings have problems: ${lines.join('; ')}`, EXIT.usage);
  }
  throw new CliError(
    'The settings are not those of an appliance on servers: MONGODB_URI and CLICKHOUSE_URL are needed.',
    EXIT.usage,
    'Call it with the settings that the new appliance will be started with.',
  );
}
