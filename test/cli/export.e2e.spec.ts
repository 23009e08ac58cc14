import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pause } from '../support/appliance-process.js';
import { runCommandLine, startCommand, type CommandOutcome } from '../support/command-line.js';
import { parseCsv } from '../support/parse-csv.js';
import { startAppliance, type Appliance } from '../support/start-appliance.js';
import { CuttingProxy } from './cutting-proxy.js';
import { numberedLines, storedNumbers } from './stored-numbers.js';

const EVENTS = 40_000;
const ALL = Array.from({ length: EVENTS }, (_, n) => n);
const MIB = 1024 * 1024;

const folder = mkdtempSync(join(tmpdir(), 'alluvium-export-'));
let appliance: Appliance;

beforeAll(async () => {
  appliance = await startAppliance();
  const env = { XDG_STATE_HOME: folder };
  await runCommandLine(['send', '-', '--stream', 'much'], {
    server: appliance,
    env,
    input: numberedLines(EVENTS),
  });
  // A text with ends of lines in it, whose rows of CSV go over several lines.
  const input = `${JSON.stringify({ message: '"a",\n\n"b\r\n=c"', n: 0 })}\n`.repeat(3);
  await runCommandLine(['send', '-', '--stream', 'lines', '--wait'], { server: appliance, env, input });
  await storedNumbers(appliance, 'much');
});
afterAll(async () => {
  await appliance.dispose();
  rmSync(folder, { recursive: true });
});

function exportTo(output: string, args: readonly string[], url = appliance.url): Promise<CommandOutcome> {
  const server = { url, adminKey: appliance.adminKey };
  return runCommandLine(['export', '-o', join(folder, output), ...args], { server });
}

const textOf = (name: string): string => readFileSync(join(folder, name), 'utf8');

function numbersOfNdjson(text: string): number[] {
  const lines = text.trimEnd().split('\n');
  return lines
    .map((line) => (JSON.parse(line) as { attributes: { n: number } }).attributes.n)
    .sort((a, b) => a - b);
}

function numbersOfCsv(text: string): number[] {
  const [head = [], ...rows] = parseCsv(text);
  const at = head.indexOf('n');
  return rows.map((row) => Number(row[at])).sort((a, b) => a - b);
}

const CSV = ['--stream', 'much', '--format', 'csv', '--fields', 'timestamp,event_id,message,n'];

describe('export', () => {
  it('writes to a file, or to standard output', async () => {
    const { code, stderr } = await exportTo('all.ndjson', ['--stream', 'much']);
    expect([code, stderr]).toEqual([0, expect.stringMatching(/all\.ndjson {2}40,000 events {2}/)]);
    expect(numbersOfNdjson(textOf('all.ndjson'))).toEqual(ALL);
    expect(existsSync(join(folder, 'all.ndjson.part.json'))).toBe(false);
    const { stdout } = await runCommandLine(['export', 'n:[0 TO 9]', '--stream', 'much', '-q'], {
      server: appliance,
    });
    expect(numbersOfNdjson(stdout)).toEqual(ALL.slice(0, 10));
  });

  it('writes every form', async () => {
    const args = ['n:[0 TO 9]', '--stream', 'much'];
    await exportTo('few.gz', [...args, '--compression', 'gzip']);
    expect(numbersOfNdjson(gunzipSync(readFileSync(join(folder, 'few.gz'))).toString())).toEqual(
      ALL.slice(0, 10),
    );
    await exportTo('few.json', [...args, '--format', 'json']);
    expect((JSON.parse(textOf('few.json')) as { logs: unknown[] }).logs).toHaveLength(10);
    await exportTo('few.parquet', [...args, '--format', 'parquet']);
    expect(textOf('few.parquet').slice(0, 4)).toBe('PAR1');
    await exportTo('lines.csv', [
      '--stream',
      'lines',
      '--format',
      'csv',
      '--fields',
      'message',
      '--no-csv-safe',
    ]);
    expect(parseCsv(textOf('lines.csv')).slice(1)).toEqual([
      ['"a",\n\n"b\r\n=c"'],
      ['"a",\n\n"b\r\n=c"'],
      ['"a",\n\n"b\r\n=c"'],
    ]);
  });

  it.each([
    ['ndjson', ['--stream', 'much'], numbersOfNdjson],
    ['csv', CSV, numbersOfCsv],
  ] as const)('goes on with %s where the connection broke', async (name, args, numbersOf) => {
    const proxy = await CuttingProxy.start(appliance.url, [MIB, 700_001, 2 * MIB]);
    const { code, stderr } = await exportTo(`broken.${name}`, args, proxy.url);
    proxy.close();
    expect([code, proxy.cutsLeft, stderr]).toEqual([
      0,
      0,
      expect.stringContaining('going on behind the last event'),
    ]);
    expect(numbersOf(textOf(`broken.${name}`))).toEqual(ALL);
  });

  it.each([
    ['ndjson', ['--stream', 'much'], numbersOfNdjson],
    ['csv', CSV, numbersOfCsv],
  ] as const)('of %s that was killed is gone on with by the same command', async (name, args, numbersOf) => {
    const path = join(folder, `killed.${name}`);
    const proxy = await CuttingProxy.start(appliance.url, [2 * MIB]);
    const server = { url: proxy.url, adminKey: appliance.adminKey };
    const command = startCommand(['export', '-o', path, ...args], { server });
    while (!command.stderr().includes('The connection broke')) await pause(10);
    command.child.kill('SIGKILL');
    await command.ended;
    proxy.close();
    expect([existsSync(path), statSync(`${path}.part`).size > MIB]).toEqual([false, true]);
    writeFileSync(`${path}.part`, '{"half', { flag: 'a' });
    if (name === 'ndjson') {
      const other = await exportTo(`killed.${name}`, ['--stream', 'lines']);
      expect([other.code, other.stderr]).toEqual([2, expect.stringContaining('with other options')]);
    }
    const { code, stderr } = await exportTo(`killed.${name}`, args);
    expect([code, stderr]).toEqual([0, expect.stringContaining('Going on with the export of')]);
    expect(numbersOf(textOf(`killed.${name}`))).toEqual(ALL);
  });

  it('tells where it can not go on', async () => {
    const proxy = await CuttingProxy.start(appliance.url, [MIB]);
    const { code, stderr } = await exportTo('cut.json', ['--stream', 'much', '--format', 'json'], proxy.url);
    proxy.close();
    expect([code, stderr]).toEqual([3, expect.stringContaining('this form can not be gone on with')]);
    expect(existsSync(join(folder, 'cut.json'))).toBe(false);
  });

  it('writes over no file, unless it is to', async () => {
    writeFileSync(join(folder, 'mine'), 'mine');
    const refused = await exportTo('mine', ['--stream', 'lines']);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('is there already')]);
    expect((await exportTo('mine', ['--stream', 'lines', '--force'])).code).toBe(0);
    expect(textOf('mine').split('\n')).toHaveLength(4);
  });
});
