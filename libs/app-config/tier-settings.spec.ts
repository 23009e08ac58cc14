import { describe, expect, it } from 'vitest';
import { formatProblem, loadSettings, SettingsError } from '#app-config';

const load = (env: Readonly<Record<string, string>>) => loadSettings({ env, readText: () => '' }).boot;

function problemsOf(env: Readonly<Record<string, string>>): readonly string[] {
  try {
    load(env);
    return [];
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return error.problems.map(formatProblem);
  }
}

describe('the settings of tiers from outside', () => {
  it('say where each keeps its units, and with which options', () => {
    const boot = load({
      ALLUVIUM_TIER_DIRECTORIES: 'gzip-files=/mnt/cold, tape=/srv/t=1',
      ALLUVIUM_TIER_OPTIONS: '{"gzip-files":{"level":6}}',
    });
    expect([...boot.tierDirectories]).toEqual([
      ['gzip-files', '/mnt/cold'],
      ['tape', '/srv/t=1'],
    ]);
    expect([...boot.tierOptions]).toEqual([['gzip-files', { level: 6 }]]);
    expect([load({}).tierDirectories.size, load({}).tierOptions.size]).toEqual([0, 0]);
  });

  it.each([
    ['DIRECTORIES', 'gzip-files'],
    ['DIRECTORIES', 'gzip-files=cold'],
    ['DIRECTORIES', '../x=/mnt'],
    ['DIRECTORIES', 'a=/mnt,a=/srv'],
    ['OPTIONS', '{'],
    ['OPTIONS', '[]'],
    ['OPTIONS', '{"a":1}'],
    ['OPTIONS', '{"A/b":{}}'],
  ])('do not take ALLUVIUM_TIER_%s=%s', (name, value) => {
    const problems = problemsOf({ [`ALLUVIUM_TIER_${name}`]: value });
    expect(problems.join()).toContain(`ALLUVIUM_TIER_${name}`);
  });
});
