import { describe, expect, it } from 'vitest';
import { formatProblem, loadSettings, SettingsError } from '#app-config';

const SERVER = { MONGODB_URI: 'mongodb://a:27017,b/?replicaSet=rs0&tls=true' };
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

describe('the settings of MongoDB', () => {
  it('name hosts, a user and a database', () => {
    const env = { ...SERVER, MONGODB_USER: 'u', MONGODB_PASSWORD: 'p', MONGODB_TLS_CA: 'ca.pem' };
    const { boot } = loadSettings({ env, readText });
    expect(boot).toMatchObject({
      mongodbUri: SERVER.MONGODB_URI,
      mongodbUser: 'u',
      mongodbDatabase: 'alluvium',
    });
    expect(boot.mongodbPassword?.reveal()).toBe('p');
    expect(problemsOf({ MONGODB_URI: 'mongodb+srv://cluster.example', MONGODB_TLS_CA: 'ca.pem' })).toEqual(
      [],
    );
    expect(problemsOf({ MONGODB_URI: 'mongodb://[::1]:27017' })).toEqual([]);
  });

  it.each([
    'mongodb://user:hunter2@a:27017',
    'mongodb://a/hunter2',
    'mongodb://a/?w=1&replicaSet=hunter2',
    'mongodb://a/?authSource=x@hunter2',
    'http://a/hunter2',
    'hunter2',
  ])('do not take %s for a server, and what may be a password is not shown', (uri) => {
    const [problem, ...others] = problemsOf({ MONGODB_URI: uri });
    expect(others).toEqual([]);
    expect(problem).toMatch(/^MONGODB_URI \(environment\): given \*\*\* .* expected mongodb:\/\//);
    expect(problem).not.toContain('hunter2');
  });

  it.each([
    ['a user without a server', { MONGODB_USER: 'u', MONGODB_PASSWORD: 'p' }, 'Set MONGODB_URI'],
    ['a user without a password', { ...SERVER, MONGODB_USER: 'u' }, 'Set MONGODB_PASSWORD'],
    ['a password without a user', { ...SERVER, MONGODB_PASSWORD: 'p' }, 'Set MONGODB_USER'],
    ['authorities without TLS', { MONGODB_URI: 'mongodb://a', MONGODB_TLS_CA: 'ca.pem' }, 'Add tls=true'],
    ['authorities that are not there', { ...SERVER, MONGODB_TLS_CA: 'no.pem' }, 'MONGODB_TLS_CA'],
    ['a database of MongoDB itself', { ...SERVER, MONGODB_DATABASE: 'admin' }, 'not admin'],
    [
      'a name that is nearly one of theirs',
      { ...SERVER, MONGODB_PASWORD: 'p' },
      'Did you mean MONGODB_PASSWORD',
    ],
  ])('are refused with %s', (_what, env, mend) => {
    expect(problemsOf(env)).toEqual([expect.stringContaining(mend)]);
  });
});
