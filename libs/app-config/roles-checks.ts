import type { BootSettings } from './definitions/boot-settings.js';
import type { SettingsProblem } from './problems.js';

/** What all processes of an appliance share; each is needed where there are several. */
const SHARED_ENGINES = [
  ['kafkaBrokers', 'KAFKA_BROKERS'],
  ['mongodbUri', 'MONGODB_URI'],
  ['clickhouseUrl', 'CLICKHOUSE_URL'],
  ['redisUrl', 'REDIS_URL'],
] as const;

/** Whether other processes do what this one doesn't: one with api and worker is an appliance by itself. */
export function isOneOfSeveral({ roles }: Pick<BootSettings, 'roles'>): boolean {
  return !(roles.includes('api') && roles.includes('worker'));
}

/** The embedded engines have one owner: a role on its own needs engines that processes can share. */
export function checkRoles(boot: BootSettings): readonly SettingsProblem[] {
  // A value that is wrong by itself is absent here.
  const { roles } = boot as Partial<BootSettings>;
  if (roles === undefined || !isOneOfSeveral({ roles })) return [];
  const missing = enginesMissing(boot);
  return missing.length > 0 ? missing : [...archivesMissing(boot), ...outsidePlugins(boot)];
}

function enginesMissing(boot: BootSettings): readonly SettingsProblem[] {
  const missing = SHARED_ENGINES.flatMap(([name, setting]) => (boot[name] === undefined ? [setting] : []));
  if (missing.length === 0) return [];
  return [
    problem(boot, {
      expected: `api and worker in one process: without ${missing.join(', ')} they have engines that cannot be shared between processes`,
      mend: `Set ${missing.join(', ')}; or set ALLUVIUM_ROLES to api,worker,scheduler, or unset it.`,
    }),
  ];
}

/** Each process would look for archives in its own data directory. */
function archivesMissing(boot: BootSettings): readonly SettingsProblem[] {
  if (boot.s3Bucket !== undefined || boot.archiveDir !== undefined) return [];
  return [
    problem(boot, {
      expected: 'a place of archives that all processes reach',
      mend: 'Set S3_BUCKET, or ALLUVIUM_ARCHIVE_DIR to a folder of a file system that they share.',
    }),
  ];
}

/** Which version is in force is decided in each process by itself. */
function outsidePlugins(boot: BootSettings): readonly SettingsProblem[] {
  if (boot.pluginsDir === undefined) return [];
  return [
    problem(boot, {
      expected: 'no ALLUVIUM_PLUGINS_DIR: processes do not agree yet on versions of outside plugins',
      mend: 'Unset ALLUVIUM_PLUGINS_DIR, or set ALLUVIUM_ROLES to api,worker,scheduler.',
    }),
  ];
}

function problem(
  { roles }: BootSettings,
  { expected, mend }: Pick<SettingsProblem, 'expected' | 'mend'>,
): SettingsProblem {
  return { setting: 'ALLUVIUM_ROLES', where: 'together', given: roles.join(','), expected, mend };
}
