import { crossCheckBoot, crossCheckRunTime } from './cross-checks.js';
import { deepFreeze } from './deep-freeze.js';
import { bootSettings, type BootSettings } from './definitions/boot-settings.js';
import { runTimeSettings, type RunTimeValues } from './definitions/run-time-settings.js';
import type { AnySetting } from './definitions/setting.js';
import type { Given } from './given.js';
import { SettingsError, type SettingsProblem } from './problems.js';
import { findStrangeVariables } from './sources/engine-variables.js';
import { readEnvironment } from './sources/environment.js';
import { fileProblem } from './sources/file-problem.js';
import { readNamedFiles } from './sources/named-files.js';
import { processInput, type SettingsInput } from './sources/settings-input.js';
import { readYamlFile } from './sources/yaml-file.js';
import { judgeTable } from './table-values.js';

/** What the process was started with; frozen to the last leaf. */
export interface Settings {
  readonly boot: BootSettings;
  /** What run-time settings are until somebody changes them. */
  readonly runTime: RunTimeValues;
  /** Where each setting that was given comes from, by its name in the environment; absent ones are defaults. */
  readonly origins: Readonly<Record<string, string>>;
  /** What somebody should know who set them, a sentence each; the start goes on. */
  readonly warnings: readonly string[];
}

/**
 * Reads the settings: the environment over the YAML file over the defaults.
 *
 * @throws SettingsError with every problem at once.
 */
export function loadSettings(input: SettingsInput = processInput()): Settings {
  const sources = [readYamlFile(input), readNamedFiles(input), readEnvironment(input.env)];
  const given = byPrecedence(sources.flatMap((source) => source.given));
  const boot = judgeTable(bootSettings, given);
  const runTime = judgeTable(runTimeSettings, given);
  const strange = findStrangeVariables(input.env, new Set(given.keys()));
  const single = [sources, boot, runTime].flat().flatMap(({ problems }) => problems);
  const problems = [
    ...single,
    ...strange.problems,
    ...crossCheckBoot(boot.values),
    ...unreadableTls(boot.values, input),
    ...(runTime.problems.length === 0 ? crossCheckRunTime(runTime.values) : []),
  ];
  if (problems.length > 0) throw new SettingsError(problems);
  const { warnings } = strange;
  return deepFreeze({ boot: boot.values, runTime: runTime.values, origins: originsOf(given), warnings });
}

/** Later sources win. */
function byPrecedence(given: readonly Given[]): ReadonlyMap<AnySetting, Given> {
  return new Map(given.map((each) => [each.setting, each]));
}

function originsOf(given: ReadonlyMap<AnySetting, Given>): Record<string, string> {
  return Object.fromEntries([...given.values()].map(({ setting, where }) => [setting.env, where]));
}

/** Found now, beside the other problems, rather than when the server starts to listen. */
function unreadableTls(
  { tlsCert, tlsKey, clickhouseTlsCa, redisTlsCa, ...boot }: BootSettings,
  { readText }: SettingsInput,
): SettingsProblem[] {
  const files = {
    ALLUVIUM_TLS_CERT: tlsCert,
    ALLUVIUM_TLS_KEY: tlsKey,
    CLICKHOUSE_TLS_CA: clickhouseTlsCa,
    MONGODB_TLS_CA: boot.mongodbTlsCa,
    REDIS_TLS_CA: redisTlsCa,
    S3_TLS_CA: boot.s3TlsCa,
    KAFKA_TLS_CA: boot.kafkaTlsCa,
    KAFKA_TLS_CERT: boot.kafkaTlsCert,
    KAFKA_TLS_KEY: boot.kafkaTlsKey,
  };
  return Object.entries(files).flatMap(([name, path]) => {
    try {
      if (path !== undefined) readText(path);
      return [];
    } catch (error) {
      return [fileProblem(name, path ?? '', error)];
    }
  });
}
