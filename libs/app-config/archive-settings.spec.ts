import { describe, expect, it } from 'vitest';
import { formatProblem, loadSettings, SettingsError } from '#app-config';

const BUCKET = { S3_BUCKET: 'archives' };
const KEY = { S3_ACCESS_KEY_ID: 'k', S3_SECRET_ACCESS_KEY: 's' };
const readText = (path: string): string => {
  if (path === 'ca.pem') return 'x';
  throw new Error(`ENOENT: no such file or directory, open '${path}'`);
};

function problemsOf(env: Record<string, string>): string[] {
  try {
    loadSettings({ env, readText });
    return [];
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return error.problems.map(formatProblem);
  }
}

describe('the settings of archives', () => {
  it('name a bucket, how it is reached, and a key', () => {
    const more = { S3_ENDPOINT: 'https://s3.example:9000', S3_PREFIX: 'logs/', S3_TLS_CA: 'ca.pem' };
    const { boot } = loadSettings({ env: { ...BUCKET, ...KEY, ...more, S3_PATH_STYLE: 'true' }, readText });
    expect(boot).toMatchObject({ s3Bucket: 'archives', s3Region: 'us-east-1', s3PathStyle: true });
    expect(boot.s3SecretAccessKey?.reveal()).toBe('s');
    expect(problemsOf({ ...BUCKET })).toEqual([]);
    expect(problemsOf({ ALLUVIUM_ARCHIVE_DIR: 'cold' })).toEqual([]);
  });

  it.each(['https://key:hunter2@s3', 'https://s3/hunter2', 's3://hunter2', 'hunter2'])(
    'do not take %s for a store, and what may be a secret is not shown',
    (S3_ENDPOINT) => {
      const [problem, ...others] = problemsOf({ ...BUCKET, S3_ENDPOINT });
      expect(others).toEqual([]);
      expect(problem).toMatch(/^S3_ENDPOINT \(environment\): given \*\*\* .* expected http:\/\//);
      expect(problem).not.toContain('hunter2');
    },
  );

  it.each([
    ['a store without a bucket', { S3_ENDPOINT: 'https://s3' }, 'Set S3_BUCKET'],
    ['an id without a secret', { ...BUCKET, S3_ACCESS_KEY_ID: 'k' }, 'Set S3_SECRET_ACCESS_KEY'],
    ['a secret without an id', { ...BUCKET, S3_SECRET_ACCESS_KEY: 's' }, 'Set S3_ACCESS_KEY_ID'],
    ['two places', { ...BUCKET, ALLUVIUM_ARCHIVE_DIR: 'cold' }, 'one place of archives'],
    [
      'authorities without TLS',
      { ...BUCKET, S3_ENDPOINT: 'http://s3', S3_TLS_CA: 'ca.pem' },
      'expected https:// in S3_ENDPOINT',
    ],
    ['authorities that are not there', { ...BUCKET, S3_TLS_CA: 'no.pem' }, 'S3_TLS_CA'],
    ['days without a lock', { ...BUCKET, S3_OBJECT_LOCK_DAYS: '7' }, 'Set S3_OBJECT_LOCK'],
    ['a lock without a bucket', { S3_OBJECT_LOCK: 'governance', S3_OBJECT_LOCK_DAYS: '7' }, 'Set S3_BUCKET'],
    ['encryption without a key', { ALLUVIUM_ARCHIVE_ENCRYPTION: 'on' }, 'Set ALLUVIUM_ARCHIVE_KEYS_FILE'],
    ['a key that is too short', { ALLUVIUM_ARCHIVE_KEYS: '0a0a' }, 'keys of 64 hexadecimal digits'],
    ['keys that are one text', { ALLUVIUM_ARCHIVE_KEYS: '0a'.repeat(64) }, 'each on a line'],
    ['folders without a slash', { ...BUCKET, S3_PREFIX: 'logs' }, 'each with a slash behind it'],
    ['a name of no bucket', { S3_BUCKET: 'A/b' }, 'the name of a bucket'],
    ['a name that is nearly one of theirs', { ...BUCKET, S3_REGOIN: 'x' }, 'Did you mean S3_REGION'],
  ])('are refused with %s', (_what, env, mend) => {
    expect(problemsOf(env)).toEqual([expect.stringContaining(mend)]);
  });

  it('have keys, each on a line of a file, that are never shown', () => {
    const [old, now] = ['0a'.repeat(32), '0b'.repeat(32)];
    const env = { ALLUVIUM_ARCHIVE_KEYS_FILE: 'keys', ALLUVIUM_ARCHIVE_ENCRYPTION: 'on' };
    const { boot } = loadSettings({ env, readText: () => `${now}\n${old}\n` });
    expect(boot.archiveKeys?.reveal()).toBe(`${now}\n${old}`);
    expect(JSON.stringify(boot)).not.toContain(old);
    expect(problemsOf({ ALLUVIUM_ARCHIVE_KEYS: `${old},x` }).join()).not.toContain('0a0a');
  });

  it('name places that archives may be attached from, and whom they trust', () => {
    const env = {
      ALLUVIUM_ARCHIVE_ATTACHABLE: 'old=/mnt/old, site2=s3://logs-2/a/b/',
      ALLUVIUM_ARCHIVE_TRUSTED_KEYS: 'site2=0123456789abcdef',
      S3_ENDPOINT: 'https://s3',
    };
    const { boot } = loadSettings({ env, readText });
    expect([...boot.archiveAttachable]).toEqual([
      ['old', { directory: '/mnt/old' }],
      ['site2', { bucket: 'logs-2', prefix: 'a/b/' }],
    ]);
    expect([...boot.archiveTrustedKeys]).toEqual([['0123456789abcdef', 'site2']]);
    expect(problemsOf({ ...env, ALLUVIUM_ARCHIVE_ATTACHABLE: 'old=/mnt/old' })).toHaveLength(1);
  });

  it.each([
    ['ATTACHABLE', 'old'],
    ['ATTACHABLE', 'old=relative/path'],
    ['ATTACHABLE', 'archive=/mnt'],
    ['ATTACHABLE', 'a=/mnt,a=/srv'],
    ['ATTACHABLE', 'a=s3://B/../x'],
    ['TRUSTED_KEYS', 'site2'],
    ['TRUSTED_KEYS', 'site2=0123'],
    ['TRUSTED_KEYS', 'a=0123456789abcdef,b=0123456789abcdef'],
  ])('do not take ALLUVIUM_ARCHIVE_%s=%s', (name, value) => {
    expect(problemsOf({ [`ALLUVIUM_ARCHIVE_${name}`]: value })).toEqual([
      expect.stringContaining('expected a comma list of name='),
    ]);
  });
});
