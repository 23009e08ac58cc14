import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  describeSettings,
  formatProblem,
  loadSettings,
  SettingsError,
  type SettingsInput,
} from '#app-config';

const ADMIN_KEY = `alv_ab12cd34_${'k'.repeat(32)}`;

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

describe('settings without any given', () => {
  it('are the documented defaults', () => {
    const { boot, runTime } = loadSettings(input({ PATH: '/bin' }));
    expect(boot).toMatchObject({
      dataDir: './data',
      httpHost: '127.0.0.1',
      httpPort: 8080,
      roles: ['api', 'worker', 'scheduler'],
      docs: true,
      faultPoints: [],
    });
    expect(boot.adminKey).toBeUndefined();
    expect(runTime).toMatchObject({ logLevel: 'info', backlogBytes: 2 ** 28, limitsLineBytes: 2 ** 20 });
  });
});

describe('sources', () => {
  const files = {
    'a.yaml': 'http:\n  port: 9000\n  host: 10.0.0.1\nroles: [api, worker]\nflush:\n  bytes: 8MiB\n',
  };

  it('win in the order environment, file, default', () => {
    const { boot, runTime } = loadSettings(
      input({ ALLUVIUM_CONFIG: 'a.yaml', ALLUVIUM_HTTP_PORT: '0', ALLUVIUM_DATA_DIR: '' }, files),
    );
    expect(boot).toMatchObject({
      httpPort: 0,
      httpHost: '10.0.0.1',
      roles: ['api', 'worker'],
      dataDir: './data',
    });
    expect(runTime.flushBytes).toBe(8 * 2 ** 20);
  });

  it('include a file for each setting, its last line end cut off', () => {
    const { boot } = loadSettings(
      input(
        { ALLUVIUM_ADMIN_KEY_FILE: '/run/key', ALLUVIUM_HTTP_PORT_FILE: '/run/port' },
        {
          '/run/key': `${ADMIN_KEY}\n`,
          '/run/port': '81\r\n',
        },
      ),
    );
    expect(boot.adminKey?.reveal()).toBe(ADMIN_KEY);
    expect(boot.httpPort).toBe(81);
  });

  it('read fault points and switches', () => {
    const { boot } = loadSettings(
      input({ ALLUVIUM_FAULT_POINTS: 'bus.append:2, worker.after:1:error', ALLUVIUM_DOCS: 'off' }),
    );
    expect(boot.faultPoints).toEqual([
      { name: 'bus.append', nth: 2, fault: 'kill' },
      { name: 'worker.after', nth: 1, fault: 'error' },
    ]);
    expect(boot.docs).toBe(false);
  });
});

describe('a loaded setting', () => {
  const settings = loadSettings(input({ ALLUVIUM_ADMIN_KEY: ADMIN_KEY, ALLUVIUM_FLUSH_BYTES: '1MiB' }));

  it('cannot be changed, however deep it lies', () => {
    const roles = settings.boot.roles as string[];
    expect(() => roles.push('x')).toThrow(TypeError);
    expect(() => Object.assign(settings.runTime, { logLevel: 'debug' })).toThrow(TypeError);
  });

  it('that is secret never shows in print', () => {
    const printed = [
      JSON.stringify(settings),
      inspect(settings, { depth: 9, showHidden: true }),
      `${settings.boot.adminKey}`,
      JSON.stringify(describeSettings(settings)),
    ].join();
    expect(printed).not.toContain('kkk');
    expect(printed).toContain('***');
  });

  it('is described with its value and where it comes from', () => {
    const described = describeSettings(settings);
    expect(described).toContainEqual({
      env: 'ALLUVIUM_FLUSH_BYTES',
      kind: 'run-time',
      value: '1MiB',
      origin: 'environment',
    });
    expect(described).toContainEqual({
      env: 'ALLUVIUM_HTTP_PORT',
      kind: 'boot',
      value: '8080',
      origin: 'default',
    });
  });
});

describe('problems', () => {
  it('are all listed at once, each with what was given, what is expected and how to mend it', () => {
    const problems = problemsOf(
      {
        ALLUVIUM_HTTP_PORT: '80800',
        ALLUVIUM_HTPP_HOST: 'x',
        ALLUVIUM_CONFIG: 'a.yaml',
      },
      { 'a.yaml': 'flsh:\n  bytes: 1\nsearch:\n  timeout_ms: soon\nbacklog: 5\n' },
    );
    expect(problems.sort()).toEqual([
      'ALLUVIUM_HTPP_HOST (environment): given a variable that no setting has, expected a name from docs/reference/settings.md. Did you mean ALLUVIUM_HTTP_HOST?',
      'ALLUVIUM_HTTP_PORT (environment): given "80800", expected a whole number from 0 to 65535. Change it, or leave it out: the default 8080.',
      'backlog (a.yaml): given a key that no setting has, expected a path from docs/reference/settings.md. Remove it.',
      'flsh.bytes (a.yaml): given a key that no setting has, expected a path from docs/reference/settings.md. Did you mean flush.bytes?',
      'search.timeout_ms (a.yaml): given "soon", expected a whole number from 100 to 600000. Change it, or leave it out: the default 30000.',
    ]);
  });

  it.each([
    [
      'a certificate without its key',
      { ALLUVIUM_TLS_CERT: 'c.pem' },
      /ALLUVIUM_TLS_CERT .*both or neither.*Set ALLUVIUM_TLS_KEY/,
    ],
    [
      'a certificate that cannot be read',
      { ALLUVIUM_TLS_CERT: 'c.pem', ALLUVIUM_TLS_KEY: 'no.pem' },
      /ALLUVIUM_TLS_KEY .*no\.pem.*ENOENT/,
    ],
    [
      'a value beside its file',
      { ALLUVIUM_HTTP_PORT: '1', ALLUVIUM_HTTP_PORT_FILE: 'c.pem' },
      /one of the two/,
    ],
    [
      'a file that is not there',
      { ALLUVIUM_HTTP_PORT_FILE: 'no' },
      /ALLUVIUM_HTTP_PORT_FILE .*no, expected a file/,
    ],
    [
      'a role that cannot stand alone',
      { ALLUVIUM_ROLES: 'api' },
      /ALLUVIUM_ROLES .*given api, expected api and worker.*Set KAFKA_BROKERS, MONGODB_URI, CLICKHOUSE_URL, REDIS_URL; or/,
    ],
    [
      'an unknown role',
      { ALLUVIUM_ROLES: 'api,wrkr' },
      /ALLUVIUM_ROLES .*comma list of api, worker, scheduler/,
    ],
    ['a missing file of settings', { ALLUVIUM_CONFIG: 'no' }, /ALLUVIUM_CONFIG .*ENOENT/],
    ['text that is no YAML', { ALLUVIUM_CONFIG: 'bad.yaml' }, /bad\.yaml.*no YAML.*line 2/],
    ['YAML that is no map', { ALLUVIUM_CONFIG: 'list.yaml' }, /list\.yaml.*a YAML map/],
    [
      'settings that contradict',
      { ALLUVIUM_FLUSH_BYTES: '300MiB' },
      /flush_bytes .*at most backlog_bytes, which is 256MiB/,
    ],
    ['a size with a wrong unit', { ALLUVIUM_MEMORY_LIMIT: '2GB' }, /"2GB", expected bytes from 512MiB/],
    ['a fault point without a count', { ALLUVIUM_FAULT_POINTS: 'x' }, /<name>:<nth>/],
  ])('name %s', (_, env, expected) => {
    const files = { 'c.pem': 'x', 'bad.yaml': 'a: 1\nb: [', 'list.yaml': '- 1' };
    const problems = problemsOf(env, files);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(expected);
  });

  it('never show a secret that is not well-formed', () => {
    const [problem] = problemsOf({ ALLUVIUM_ADMIN_KEY: 'hunter2hunter2' });
    expect(problem).toMatch(/given \*\*\* \(14 characters\), expected alv_/);
    expect(problem).not.toContain('hunter2');
  });

  it('are not made of what Kubernetes, the test rigs and clients set', () => {
    const env = {
      ALLUVIUM_SERVICE_HOST: '10.0.0.1',
      ALLUVIUM_PORT: 'tcp://10.0.0.1:80',
      ALLUVIUM_PORT_80_TCP_ADDR: '10.0.0.1',
      ALLUVIUM_CORPORA: '/corpora',
      ALLUVIUM_URL: 'http://127.0.0.1:8080',
      ALLUVIUM_KEY: 'alv_0',
      ALLUVIUM_KEY_FILE: '/run/secrets/key',
    };
    expect(problemsOf(env)).toEqual([]);
  });
});
