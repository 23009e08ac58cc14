import type { BootSettings } from './definitions/boot-settings.js';
import type { SettingsProblem } from './problems.js';

const WHERE = 'together';

/** What is wrong between the settings of archives. */
export function checkArchives(boot: BootSettings): readonly SettingsProblem[] {
  return [
    ...bucketMissing(boot),
    ...twoPlaces(boot),
    ...tlsCa(boot),
    ...key(boot),
    ...encryption(boot),
    ...lock(boot),
  ];
}

function bucketMissing(boot: BootSettings): readonly SettingsProblem[] {
  const [set] = Object.entries({
    S3_ENDPOINT: boot.s3Endpoint,
    S3_PREFIX: boot.s3Prefix,
    S3_ACCESS_KEY_ID: boot.s3AccessKeyId,
    S3_SECRET_ACCESS_KEY: boot.s3SecretAccessKey,
    S3_TLS_CA: boot.s3TlsCa,
  }).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  // A value that is wrong by itself is absent here.
  const readsBuckets = [...(boot.archiveAttachable ?? [])].some(([, place]) => 'bucket' in place);
  if (boot.s3Bucket !== undefined || set === undefined || readsBuckets) return [];
  if (set !== 'S3_PREFIX' && boot.backupDir?.startsWith('s3:')) return [];
  return [problem(set, 'it without S3_BUCKET', 'a bucket', `Set S3_BUCKET, or unset ${set}.`)];
}

/** Nobody should believe archives in the one and find them in the other. */
function twoPlaces({ archiveDir, s3Bucket }: BootSettings): readonly SettingsProblem[] {
  if (archiveDir === undefined || s3Bucket === undefined) return [];
  const mend = 'Unset S3_BUCKET, or ALLUVIUM_ARCHIVE_DIR.';
  return [problem('ALLUVIUM_ARCHIVE_DIR', 'it and S3_BUCKET', 'one place of archives', mend)];
}

/** An authority without TLS would be believed to guard something. */
function tlsCa({ s3TlsCa: ca, s3Endpoint: endpoint }: BootSettings): readonly SettingsProblem[] {
  if (ca === undefined || !endpoint?.startsWith('http:')) return [];
  const mend = 'Begin S3_ENDPOINT with https://, or unset S3_TLS_CA.';
  return [problem('S3_TLS_CA', 'it, and http:// in S3_ENDPOINT', 'https:// in S3_ENDPOINT', mend)];
}

function key({ s3AccessKeyId: id, s3SecretAccessKey: secret }: BootSettings): readonly SettingsProblem[] {
  if ((id === undefined) === (secret === undefined)) return [];
  const [set, missing] = id
    ? ['S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY']
    : ['S3_SECRET_ACCESS_KEY', 'S3_ACCESS_KEY_ID'];
  return [problem(set, `it without ${missing}`, 'both or neither', `Set ${missing}, or unset ${set}.`)];
}

function encryption({ archiveEncryption, archiveKeys }: BootSettings): readonly SettingsProblem[] {
  if (!archiveEncryption || archiveKeys !== undefined) return [];
  const mend = 'Set ALLUVIUM_ARCHIVE_KEYS_FILE to a file with a key, as openssl rand -hex 32 makes one.';
  return [problem('ALLUVIUM_ARCHIVE_ENCRYPTION', 'on without a key', 'a key of archives', mend)];
}

function lock({
  s3Bucket,
  s3ObjectLock: mode,
  s3ObjectLockDays: days,
}: BootSettings): readonly SettingsProblem[] {
  const isOn = mode !== undefined && mode !== 'off';
  if (isOn && s3Bucket === undefined)
    return [
      problem(
        'S3_OBJECT_LOCK',
        `${mode} without S3_BUCKET`,
        'a bucket',
        'Set S3_BUCKET, or unset S3_OBJECT_LOCK.',
      ),
    ];
  if (isOn || days === undefined) return [];
  const mend = 'Set S3_OBJECT_LOCK, or unset S3_OBJECT_LOCK_DAYS.';
  return [problem('S3_OBJECT_LOCK_DAYS', 'it without S3_OBJECT_LOCK', 'both or neither', mend)];
}

function problem(setting: string, given: string, expected: string, mend: string): SettingsProblem {
  return { setting, where: WHERE, given, expected, mend };
}
