import { describe, expect, it } from 'vitest';
import { formatProblem, loadSettings, SettingsError, type SettingsInput } from '#app-config';

function input(env: Record<string, string>, files: Record<string, string> = {}): SettingsInput {
  const readText = (path: string) => {
    const text = files[path];
    if (text === undefined) throw new Error(`ENOENT: no such file or directory, open '${path}'`);
    return text;
  };
  return { env, readText };
}

function problemsOf(env: Record<string, string>, files: Record<string, string> = {}): string[] {
  try {
    loadSettings(input(env, files));
    return [];
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return error.problems.map(formatProblem);
  }
}

describe('a ClickHouse server', () => {
  it.each([
    'http://user:hunter2@host:8123',
    'clickhouse://host:9000/hunter2',
    'http://host:8123/?password=hunter2',
    'http://host:8123/path/hunter2',
    'hunter2',
  ])('is not named by %s, and what may be a password is not shown', (url) => {
    const [problem, ...others] = problemsOf({ CLICKHOUSE_URL: url }, {});
    expect(others).toEqual([]);
    expect(problem).toMatch(
      /^CLICKHOUSE_URL \(environment\): given \*\*\* .* expected http:\/\/ or https:\/\//,
    );
    expect(problem).not.toContain('hunter2');
  });

  it('has an authority only where there is TLS, in a file that can be read', () => {
    const files = { 'ca.pem': 'x' };
    const http = { CLICKHOUSE_URL: 'http://host:8123', CLICKHOUSE_TLS_CA: 'ca.pem' };
    expect(problemsOf(http, files)).toEqual([expect.stringContaining('expected https:// in CLICKHOUSE_URL')]);
    const https = { CLICKHOUSE_URL: 'https://host:8443', CLICKHOUSE_TLS_CA: 'other.pem' };
    expect(problemsOf(https, files)).toEqual([expect.stringContaining('CLICKHOUSE_TLS_CA')]);
  });
});

describe('a ClickHouse cluster', () => {
  const url = 'http://a:8123, http://b:8123';

  it('is a name, a server of each shard, and what its events are spread by', () => {
    const key = 'source, audit=stream';
    const { boot } = loadSettings(
      input({ CLICKHOUSE_URL: url, CLICKHOUSE_CLUSTER: 'two', CLICKHOUSE_SHARD_KEY: key }),
    );
    expect(boot.clickhouseUrl).toEqual(['http://a:8123', 'http://b:8123']);
    expect([...boot.clickhouseShardKey]).toEqual([
      ['', 'source'],
      ['audit', 'stream'],
    ]);
  });

  it('is named where there are several servers, or a shard key', () => {
    expect(problemsOf({ CLICKHOUSE_URL: url }, {})).toEqual([
      expect.stringContaining('Set CLICKHOUSE_CLUSTER to the cluster whose shards they are'),
    ]);
    const keyed = { CLICKHOUSE_URL: 'http://a:8123', CLICKHOUSE_SHARD_KEY: 'source' };
    expect(problemsOf(keyed, {})).toEqual([expect.stringContaining('CLICKHOUSE_SHARD_KEY')]);
  });

  it.each(['CLICKHOUSE_CLUSTER=a b', 'CLICKHOUSE_SHARD_KEY=user', 'CLICKHOUSE_SHARD_KEY=block,batch'])(
    'is refused as %s',
    (text) => {
      const [name = '', value = ''] = text.split(/=(.*)/);
      const rest = name === 'CLICKHOUSE_CLUSTER' ? {} : { CLICKHOUSE_CLUSTER: 'two' };
      expect(problemsOf({ CLICKHOUSE_URL: url, ...rest, [name]: value }, {})).toContainEqual(
        expect.stringContaining(name),
      );
    },
  );
});
