import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deriveBudgets, resolveMemoryLimit } from '#app-config';

const GIB = 2 ** 30;
const REPORT = `console.log(JSON.stringify({
  args: process.argv.slice(2), flags: process.execArgv, pool: process.env.UV_THREADPOOL_SIZE }))`;

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'alluvium launcher-'));
  mkdirSync(join(home, 'bin'));
  mkdirSync(join(home, 'dist/server'), { recursive: true });
  cpSync('bin/alluvium', join(home, 'bin/alluvium'));
  mkdirSync(join(home, 'dist/apps/cli'), { recursive: true });
  writeFileSync(join(home, 'dist/server/main.js'), REPORT);
  writeFileSync(join(home, 'dist/apps/cli/main.js'), REPORT.replace('{', '{ isCli: true,'));
});

afterEach(() => rmSync(home, { recursive: true }));

function environment(extra: Record<string, string>) {
  return { PATH: process.env['PATH'] ?? '', ...extra };
}

interface Report {
  /** Only the command line says so. */
  readonly isCli?: true;
  readonly args: string[];
  readonly flags: string[];
  readonly pool: string;
}

function launch(extra: Record<string, string> = {}, launcher = join(home, 'bin/alluvium')): Report {
  const printed = execFileSync(launcher, ['start', 'a b'], { cwd: tmpdir(), env: environment(extra) });
  return JSON.parse(printed.toString()) as Report;
}

/** The heap flag of the control group that this test runs in: none where it has no limit. */
function heapOfGroup(): readonly string[] {
  const limit = resolveMemoryLimit(undefined);
  return limit === totalmem() ? [] : [`--max-old-space-size=${deriveBudgets(limit).nodeHeapMiB}`];
}

/** What Node is always started with. */
const FLAGS = ['--disable-proto=delete', '--no-incremental-marking', '--single-threaded-gc'];

/** A `node` that says it has another version. */
function pretendNode(version: string): string {
  const bin = join(home, 'other');
  mkdirSync(bin);
  writeFileSync(join(bin, 'node'), `#!/bin/sh\necho ${version}\n`, { mode: 0o755 });
  return `${bin}:${process.env['PATH'] ?? ''}`;
}

describe('the launcher', () => {
  it('hands its arguments on and sets the pool, with a heap flag where the control group has a limit', () => {
    expect(launch()).toEqual({
      args: ['start', 'a b'],
      flags: [...FLAGS, ...heapOfGroup()],
      pool: '16',
    });
  });

  it('leaves the pool as the operator wants it', () => {
    expect(launch({ UV_THREADPOOL_SIZE: '32' }).pool).toBe('32');
  });

  it('is found through links, relative ones too', () => {
    symlinkSync(join(home, 'bin/alluvium'), join(home, 'absolute'));
    symlinkSync('absolute', join(home, 'relative'));
    expect(launch({}, join(home, 'relative')).args).toEqual(['start', 'a b']);
  });

  it.each([
    ['512MiB', GIB / 2],
    ['2GiB', 2 * GIB],
    ['2 GiB', 2 * GIB],
    ['64GiB', 64 * GIB],
  ])('gives Node the heap of the budget of %s', (limit, bytes) => {
    const { flags } = launch({ ALLUVIUM_MEMORY_LIMIT: limit });
    expect(flags).toContain(`--max-old-space-size=${deriveBudgets(bytes).nodeHeapMiB}`);
  });

  it.each(['lots', '2GB', '-1GiB', 'GiB', '$(id)GiB'])('passes over the limit %j', (limit) => {
    expect(launch({ ALLUVIUM_MEMORY_LIMIT: limit }).flags).toEqual(FLAGS);
  });

  it('does not overrule a heap that NODE_OPTIONS sets', () => {
    const env = { ALLUVIUM_MEMORY_LIMIT: '2GiB', NODE_OPTIONS: '--max-old-space-size=300' };
    expect(launch(env).flags).toEqual(FLAGS);
  });
});

describe('the launcher runs the command line', () => {
  function call(...args: string[]): Report {
    const env = environment({ ALLUVIUM_MEMORY_LIMIT: '2GiB' });
    return JSON.parse(execFileSync(join(home, 'bin/alluvium'), args, { env }).toString()) as Report;
  }

  it.each([
    [['send', 'a b', '-']],
    [['--help']],
    [[]],
    [['start', '--help']],
    [['start', '-h']],
    [['start-up']],
  ])('for %j, with nothing that a server needs', (args) => {
    expect(call(...args)).toEqual({ isCli: true, args, flags: [] });
  });

  it('and says where it was not built', () => {
    rmSync(join(home, 'dist/apps/cli/main.js'));
    const { status, stderr } = spawnSync(join(home, 'bin/alluvium'), ['send'], { env: environment({}) });
    expect([status, stderr.toString()]).toEqual([
      1,
      expect.stringMatching(/cli\/main\.js is missing\. Run: npm run build/),
    ]);
  });
});

describe('the launcher refuses', () => {
  function refusal(env: Record<string, string> = {}): string {
    const { status, stderr } = spawnSync(join(home, 'bin/alluvium'), ['start'], { env: environment(env) });
    expect(status).toBe(1);
    return stderr.toString();
  }

  it('to start what was not built, and says what builds it', () => {
    rmSync(dirname(join(home, 'dist/apps')), { recursive: true });
    expect(refusal()).toMatch(/main\.js is missing\. Run: npm run build/);
  });

  it.each(['v18.20.1', 'v20.18.3'])('Node %s', (version) => {
    expect(refusal({ PATH: pretendNode(version) })).toContain(`Node.js ${version} is too old`);
  });
});
