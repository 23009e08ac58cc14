import { z } from 'zod';
import { attachableSettings } from './attachable-settings.js';
import { bytes, integer } from './number-types.js';
import { bootSetting, runTimeSetting } from './setting.js';
import { oneOf, onOff, secret, text } from './text-types.js';
import type { ValueType } from './value-type.js';

/** The key has settings of its own, so that this one may be shown. */
const endpoint: ValueType<string> = {
  schema: z.string().trim().refine(isEndpoint),
  expected: 'http:// or https://, a host, and a port, with no user, password, path or parameters',
  print: String,
};

function isEndpoint(given: string): boolean {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol)) return false;
  return url.pathname === '/' && !given.includes('@') && !/[?#]/.test(given);
}

function matching(pattern: RegExp, expected: string): ValueType<string> {
  return { schema: z.string().trim().regex(pattern), expected, print: String };
}

const bucket = matching(
  /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
  'the name of a bucket: 3 to 63 of a-z, 0-9, "." and "-"',
);
const region = matching(/^[a-z0-9-]{1,40}$/, 'a region such as eu-central-1');
const prefix = matching(
  /^(?:[a-z0-9_=-]+\/){1,10}$/,
  'folders of a-z, 0-9, "_", "=" and "-", each with a slash behind it',
);

/** Where archives are kept; those of S3 as other programs name them, without a prefix. */
export const archiveSettings = {
  archiveDir: bootSetting({
    path: 'archive.dir',
    type: text('the path of a directory'),
    otherwise: '`<data>/archives`',
    description:
      'Directory of archives, where policies name the tier `archive` and no bucket is set; best on a disk of its own. Set it before the first copy: what is archived is not moved.',
  }),
  archiveCacheBytes: bootSetting({
    path: 'archive.cache_bytes',
    type: bytes(2 ** 20, 2 ** 50),
    default: '4GiB',
    unit: 'bytes',
    description:
      'Bytes of a bucket’s archives that are held in the data directory while questions read them, and as many of encrypted ones, decrypted; a question that needs more at once is refused. Archives of a directory that are not encrypted are read where they are.',
  }),
  archiveEncryption: bootSetting({
    path: 'archive.encryption',
    type: onOff,
    default: 'off',
    description:
      'Whether files that are archived from now on are encrypted, for each tenant with a key of its own; those that are there stay as they are. Needs `ALLUVIUM_ARCHIVE_KEYS_FILE`.',
  }),
  archiveKeys: bootSetting({
    path: 'archive.keys',
    type: secret(
      /^[0-9a-fA-F]{64}(?:[\s,]+[0-9a-fA-F]{64}){0,99}$/,
      'keys of 64 hexadecimal digits, as openssl rand -hex 32 makes them, each on a line',
    ),
    otherwise: 'encrypted archives can’t be read',
    description:
      'The keys of encrypted archives, best as `ALLUVIUM_ARCHIVE_KEYS_FILE`: the first one is used for new files, all open what is there. Keep them elsewhere too: without its key an archive can’t be read by anybody.',
    secret: true,
  }),
  ...attachableSettings,
  s3Bucket: bootSetting({
    path: 's3.bucket',
    env: 'S3_BUCKET',
    type: bucket,
    otherwise: 'archives are kept in `archive.dir`',
    description:
      'A bucket of S3 that keeps archives in place of a directory. Set it before the first copy: what is archived is not moved.',
  }),
  s3Endpoint: bootSetting({
    path: 's3.endpoint',
    env: 'S3_ENDPOINT',
    type: endpoint,
    otherwise: 'S3 of AWS in the region',
    description: 'Another store that speaks the protocol of S3, such as `https://s3.example.com:9000`.',
    masked: true,
  }),
  s3Region: bootSetting({
    path: 's3.region',
    env: 'S3_REGION',
    type: region,
    default: 'us-east-1',
    description: 'Region of the bucket.',
  }),
  s3Prefix: bootSetting({
    path: 's3.prefix',
    env: 'S3_PREFIX',
    type: prefix,
    otherwise: 'the root of the bucket',
    description: 'Folders in the bucket that all keys are below, such as `alluvium/`.',
  }),
  s3PathStyle: bootSetting({
    path: 's3.path_style',
    env: 'S3_PATH_STYLE',
    type: onOff,
    default: 'off',
    description:
      '`on`: the bucket is part of the path and not of the host, as most stores besides AWS want it.',
  }),
  s3AccessKeyId: bootSetting({
    path: 's3.access_key_id',
    env: 'S3_ACCESS_KEY_ID',
    type: text('the id of a key'),
    otherwise: 'credentials of the environment of AWS, its files, or the role of the machine',
    description: 'Id of the key by which the bucket is used: it may get, put, list and delete objects.',
  }),
  s3SecretAccessKey: bootSetting({
    path: 's3.secret_access_key',
    env: 'S3_SECRET_ACCESS_KEY',
    type: secret(/^[^\r\n]+$/, 'the secret of the key'),
    otherwise: 'as for `S3_ACCESS_KEY_ID`',
    description: 'Secret of that key.',
    secret: true,
  }),
  s3ObjectLock: bootSetting({
    path: 's3.object_lock',
    env: 'S3_OBJECT_LOCK',
    type: oneOf(['off', 'governance', 'compliance']),
    default: 'off',
    description:
      'Whether the store locks archived objects when they are put (S3 Object Lock), for `S3_OBJECT_LOCK_DAYS` or the `lock_days` of their policy, so that nobody deletes or changes it before its time, nor does a policy: what one deletes waits. `governance`: who has the right to may; `compliance`: nobody. The bucket must have been made with Object Lock. Keep it set while objects are locked.',
  }),
  s3ObjectLockDays: bootSetting({
    path: 's3.object_lock_days',
    env: 'S3_OBJECT_LOCK_DAYS',
    type: integer(1, 36_500),
    otherwise: 'only what a policy with `lock_days` archives is locked',
    unit: 'days',
    description:
      'For how many days from its put on every archived object is locked at least, where `S3_OBJECT_LOCK` is set; policies may lock longer.',
  }),
  s3TlsCa: bootSetting({
    path: 's3.tls_ca',
    env: 'S3_TLS_CA',
    type: text('the path of a PEM file'),
    otherwise: 'those that Node trusts',
    description: 'Authorities that the certificate of the store is checked by.',
  }),
};

/** How archives are looked after. */
export const archiveRunTimeSettings = {
  archiveGraceHours: runTimeSetting({
    path: 'archive.grace_hours',
    type: integer(1, 24 * 366),
    default: '12',
    unit: 'hours',
    description:
      'How long the copy of a day in `search` stays behind the moment from which the archive answers for it: longer than the longest question or export takes, since those that began before read it there.',
  }),
  archiveTrashHours: runTimeSetting({
    path: 'archive.trash_hours',
    type: integer(0, 24 * 366),
    default: '24',
    unit: 'hours',
    description:
      'How long days that a policy deleted out of the archive can be brought back; their files go then. While the disk is filling they go at once. Files that were merged stay as long.',
  }),
  archiveCompactFiles: runTimeSetting({
    path: 'archive.compact_files',
    type: integer(0, 100),
    default: '4',
    unit: 'files',
    description:
      'Small files that a day has in the archive before they are merged into one, each hour: late events make one more with each run of retention. Below 2 none are.',
  }),
  archiveCompactFileBytes: runTimeSetting({
    path: 'archive.compact_file_bytes',
    type: bytes(2 ** 10, 2 ** 30),
    default: '16MiB',
    unit: 'bytes',
    description:
      'Bytes below which a file of the archive is small, so that it is merged with others of its day.',
  }),
  archiveScrubBytes: runTimeSetting({
    path: 'archive.scrub_bytes',
    type: bytes(2 ** 20, 2 ** 50),
    default: '1GiB',
    unit: 'bytes',
    description:
      'Bytes of archives that are read back each hour, in turn, to see whether they are what was put there. That all are there, and as long as they were, is looked at each hour.',
  }),
  archiveRestoreDays: runTimeSetting({
    path: 'archive.restore_days',
    type: integer(1, 3_650),
    default: '90',
    unit: 'days',
    description:
      'The longest time for which events may be restored out of archives; then they are taken away again.',
  }),
};
