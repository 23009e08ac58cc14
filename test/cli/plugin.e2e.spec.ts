import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  runCommandLine,
  startCommand,
  type CommandOutcome,
  type RunningCommand,
} from '../support/command-line.js';

let directory: string;
let running: RunningCommand | undefined;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'alluvium-plugin-cli-'));
});
afterEach(async () => {
  running?.child.kill('SIGKILL');
  running = undefined;
  await rm(directory, { recursive: true, force: true });
});

const plugin = (...args: readonly string[]): Promise<CommandOutcome> =>
  runCommandLine(['plugin', ...args], { cwd: directory });

async function edit(path: string, from: string, to: string): Promise<void> {
  const file = join(directory, path);
  const text = await readFile(file, 'utf8');
  expect(text).toContain(from);
  await writeFile(file, text.replace(from, to));
}

describe.each(['parser', 'event-type', 'notifier', 'tier'])('a new %s', (kind) => {
  it('passes its checks and its own test as it is made, and may be trusted', async () => {
    const made = await plugin('new', kind, 'own', '--json');
    expect(made.code).toBe(0);
    expect(JSON.parse(made.stdout)).toMatchObject({
      files: expect.arrayContaining(['index.ts', 'plugin.test.js']),
    });

    const checked = await plugin('check', `${kind}-own`, '--json');
    const report = JSON.parse(checked.stdout) as {
      readonly sha256: string;
      readonly checks: readonly object[];
    };
    expect([checked.code, report]).toMatchObject([0, { name: `${kind}-own`, passed: true, problems: [] }]);
    expect(report.checks.length).toBeGreaterThan(4);

    const cwd = join(directory, `${kind}-own`);
    const own = spawnSync(process.execPath, ['--test'], { cwd, encoding: 'utf8', env: {} });
    expect([own.status, own.stdout]).toEqual([0, expect.stringMatching(/fail 0/)]);

    const trusted = await plugin('trust', `${kind}-own`, '--json');
    expect(JSON.parse(trusted.stdout)).toMatchObject({ name: `${kind}-own`, sha256: report.sha256 });
    const list = async (): Promise<unknown> =>
      JSON.parse(await readFile(join(directory, 'plugins.allow.json'), 'utf8'));
    expect(await list()).toEqual({ [`${kind}-own`]: report.sha256 });
    expect((await plugin('trust', `${kind}-own`, '--withdraw')).stdout).toMatch(/may not run any more/);
    expect(await list()).toEqual({});
  });
});

describe('a parser', () => {
  beforeEach(async () => {
    await plugin('new', 'parser', 'own');
  });

  it('that is trusted again keeps its earlier versions on the list, but where it is to be the only one', async () => {
    const trusted = async (...options: readonly string[]): Promise<string> =>
      (JSON.parse((await plugin('trust', 'parser-own', '--json', ...options)).stdout) as { sha256: string })
        .sha256;
    const list = async (): Promise<unknown> =>
      JSON.parse(await readFile(join(directory, 'plugins.allow.json'), 'utf8'));
    const hashes: string[] = [];
    for (let n = 0; n < 6; n += 1) {
      await writeFile(join(directory, 'parser-own/note.txt'), String(n));
      hashes.unshift(await trusted());
    }
    expect(await list()).toEqual({ 'parser-own': hashes.slice(0, 5) });
    await trusted();
    expect(await list()).toEqual({ 'parser-own': hashes.slice(0, 5) });
    expect([await trusted('--only'), await list()]).toEqual([hashes[0], { 'parser-own': hashes[0] }]);
  });

  it('that breaks its contract is told where, and ends the check with 1', async () => {
    await edit('parser-own/index.ts', 'lines.map(parseLine)', 'lines.slice(1).map(parseLine)');
    const { code, stdout } = await plugin('check', 'parser-own');
    expect(code).toBe(1);
    expect(stdout).toMatch(/✗ batch: answers nothing for no lines, and one answer for each of many/);
    expect(stdout).toMatch(/✓ has a manifest that the host takes/);
  });

  it('that can’t be loaded is told why, by each command', async () => {
    await edit('parser-own/parse-line.ts', 'const LINE', 'enum LINE {}\nconst LINE');
    for (const args of [['check'], ['dev', '--once']]) {
      const { code, stdout } = await plugin(args[0] ?? '', 'parser-own', ...args.slice(1));
      expect([code, stdout]).toEqual([
        1,
        expect.stringMatching(/parse-line.ts:3: TypeScript enum .*\n {2}to mend it: /),
      ]);
    }
    await writeFile(join(directory, 'parser-own/manifest.json'), '{}');
    const { code, stdout } = await plugin('trust', 'parser-own', '--json');
    expect([code, JSON.parse(stdout)]).toMatchObject([1, { problems: expect.any(Array) }]);
  });

  it('is run at each save, and what differs is shown', async () => {
    running = startCommand(['plugin', 'dev', 'parser-own'], { cwd: directory });
    const shown = running.stdout;
    await expect.poll(shown, { timeout: 30_000 }).toMatch(/3 of 3 lines of samples as expected/);
    await edit('parser-own/parse-line.ts', 'service, message }', 'service, text: message }');
    await expect.poll(shown, { timeout: 30_000 }).toMatch(/1 of 3 lines of samples as expected/);
    expect(shown()).toMatch(
      /samples\/lines.txt:1: .*\n {2}- .*"message":"connection.*\n {2}\+ .*"text":"connection/,
    );
    await edit('parser-own/parse-line.ts', 'text: message }', 'message }');
    await expect.poll(shown, { timeout: 30_000 }).toMatch(/3 of 3 [^]*1 of 3 [^]*3 of 3 /);
    running.child.kill('SIGINT');
    expect((await running.ended).code).toBe(0);
  });
});

describe('called wrongly', () => {
  it.each([
    [
      ['new', 'tear', 'own'],
      /There is no kind "tear" to make\.\n {2}Use one of parser, event-type, input, enricher, notifier, tier\./,
    ],
    [['new', 'parser', 'Own!'], /can't be named "Own!"/],
    [['new', 'parser', 'auto'], /can't be named "auto"/],
    [['check', 'absent'], /There is no folder absent/],
    [['dev', 'absent'], /There is no folder absent/],
    [['trust', 'absent'], /There is no folder absent/],
    [['trust'], /missing required argument/],
  ])('as %j it says so, and does nothing', async (args, told) => {
    const { code, stdout, stderr } = await plugin(...args);
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringMatching(told)]);
  });

  it('writes over no folder', async () => {
    expect((await plugin('new', 'parser', 'own')).code).toBe(0);
    const { code, stderr } = await plugin('new', 'parser', 'own');
    expect([code, stderr]).toEqual([2, expect.stringMatching(/parser-own is there already/)]);
  });
});
