import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pause } from '../../test/support/appliance-process.js';
import { clickhouse } from './clickhouse.mjs';
import { startEngine, type RunningEngine } from './start-engine.mjs';

const run = promisify(execFile);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alluvium-engines-'));
});
afterAll(async () => {
  await engines('down');
  await rm(folder, { recursive: true, force: true });
});

interface Printed {
  readonly stdout: string;
  readonly stderr: string;
  readonly code?: number;
}

function engines(...args: string[]): Promise<Printed> {
  const env = { ...process.env, ALLUVIUM_ENGINES_DIR: folder };
  return run(process.execPath, ['tools/engines.mjs', ...args], { env }).catch((error: Printed) => error);
}

async function ask(variables: Readonly<Record<string, string>>, statement: string): Promise<string> {
  const headers = {
    'X-ClickHouse-User': String(variables['CLICKHOUSE_USER']),
    'X-ClickHouse-Key': String(variables['CLICKHOUSE_PASSWORD']),
  };
  const answer = await fetch(String(variables['CLICKHOUSE_URL']), {
    method: 'POST',
    headers,
    body: statement,
  });
  return (await answer.text()).trim();
}

function variablesIn(printed: string): Record<string, string> {
  return Object.fromEntries(
    [...printed.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
}

describe('npm run engines', () => {
  it('starts an engine that stays up, once, and ends it by its own pid with its data', async () => {
    const up = await engines('up', 'clickhouse');
    const variables = variablesIn(up.stdout);
    expect(await ask(variables, 'SELECT version()')).toBe(/clickhouse ([\d.]+) is up/.exec(up.stdout)?.[1]);
    expect((await engines('up', 'clickhouse')).stdout).toContain('runs already');
    expect(variablesIn((await engines('status', 'clickhouse')).stdout)).toEqual(variables);
    const { directory } = JSON.parse(await readFile(join(folder, 'clickhouse.json'), 'utf8'));
    expect((await engines('down', 'clickhouse')).stdout).toBe('# clickhouse is down\n');
    expect(existsSync(directory)).toBe(false);
    expect((await engines('status', 'clickhouse')).stdout).toBe('# clickhouse is not up\n');
  });

  it('leaves a process alone that has the pid of an engine which is gone', async () => {
    const record = { pid: process.pid, directory: join(folder, 'nobody'), variables: {}, version: '1' };
    await writeFile(join(folder, 'clickhouse.json'), JSON.stringify(record));
    expect((await engines('down', 'clickhouse')).stdout).toBe('# clickhouse was not up\n');
  });

  it('says what there is to a name or an action that it does not know', async () => {
    expect(await engines('up', 'oracle')).toMatchObject({
      code: 1,
      stderr: 'No such engine: oracle. There are: clickhouse, kafka, mongodb, redis, s3.\n',
    });
    expect(await engines('jump')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('up, down, status'),
    });
    expect((await engines('--help')).stdout).toContain('ClickHouse server over HTTP');
  });
});

describe('an engine of a test run', () => {
  it('keeps its data over kill -9 and its ports, and has users with the grants that they are given', async () => {
    const users = [{ name: 'reader', password: 'r', grants: ['GRANT SELECT ON kept.*'] }];
    const engine: RunningEngine = await startEngine(clickhouse, { users });
    try {
      const { variables } = engine;
      await ask(variables, 'CREATE DATABASE kept');
      await ask(variables, 'CREATE TABLE kept.t ENGINE = MergeTree ORDER BY n AS SELECT 7 AS n');
      await engine.end('SIGKILL');
      await expect(ask(variables, 'SELECT 1')).rejects.toThrow();
      await engine.start();
      const reader = { ...variables, CLICKHOUSE_USER: 'reader', CLICKHOUSE_PASSWORD: 'r' };
      expect(await ask(reader, 'SELECT n FROM kept.t')).toBe('7');
      expect(await ask(reader, 'DROP TABLE kept.t')).toContain('ACCESS_DENIED');
    } finally {
      await engine.stop();
    }
    expect(existsSync(engine.directory)).toBe(false);
  });

  it('ends when the run that started it is killed', async () => {
    const program = `
      import { clickhouse } from './tools/engines/clickhouse.mjs';
      import { startEngine } from './tools/engines/start-engine.mjs';
      const { pid } = await startEngine(clickhouse, { directory: process.argv[1] });
      console.log(pid);
      setInterval(() => undefined, 1_000);`;
    const args = ['--input-type=module', '-e', program, join(folder, 'left')];
    const parent = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    parent.kill('SIGKILL');
    for (let left = 200; left > 0 && isRunning(pid); left -= 1) await pause(50);
    expect(isRunning(pid)).toBe(false);
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
