import { describe, expect, it } from 'vitest';
import { formatProblem, loadSettings, SettingsError } from '#app-config';

/** What several processes share. */
const SHARED = {
  ...{ KAFKA_BROKERS: 'k:9092', MONGODB_URI: 'mongodb://m/?replicaSet=r', REDIS_URL: 'redis://r' },
  ...{ CLICKHOUSE_URL: 'http://c:8123', S3_BUCKET: 'archives' },
};

function problemsOf(env: Record<string, string>): string[] {
  try {
    loadSettings({ env, readText: () => '' });
    return [];
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return error.problems.map(formatProblem);
  }
}

describe('a role on its own', () => {
  it.each(['api', 'worker', 'scheduler', 'api,scheduler', 'worker,scheduler'])(
    '%s: has what all processes share',
    (roles) => {
      expect(problemsOf({ ...SHARED, ALLUVIUM_ROLES: roles })).toEqual([]);
      expect(problemsOf({ ALLUVIUM_ROLES: roles })).toHaveLength(1);
    },
  );

  it.each([
    [{ REDIS_URL: '' }, /ALLUVIUM_ROLES .*Set REDIS_URL; or/],
    [{ KAFKA_BROKERS: '', MONGODB_URI: '' }, /ALLUVIUM_ROLES .*Set KAFKA_BROKERS, MONGODB_URI; or/],
    [{ S3_BUCKET: '' }, /ALLUVIUM_ROLES .*place of archives.*Set S3_BUCKET/],
    [{ ALLUVIUM_PLUGINS_DIR: 'plugins' }, /ALLUVIUM_ROLES .*Unset ALLUVIUM_PLUGINS_DIR/],
  ])('is refused with %o, and told what to set', (wrong, problem) => {
    const problems = problemsOf({ ...SHARED, ...wrong, ALLUVIUM_ROLES: 'worker' });
    expect(problems).toEqual([expect.stringMatching(problem)]);
  });

  it('that is not alone needs none of them', () => {
    for (const roles of ['api,worker', 'api,worker,scheduler'])
      expect(problemsOf({ ALLUVIUM_ROLES: roles })).toEqual([]);
  });
});
