import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../support/api-client.js';
import { startCommand } from '../support/command-line.js';
import { startAppliance, type Appliance } from '../support/start-appliance.js';

let appliance: Appliance;
let folder = '';
beforeAll(async () => {
  appliance = await startAppliance();
  folder = await mkdtemp(join(tmpdir(), 'alluvium-generate-'));
});
afterAll(async () => {
  await appliance.dispose();
  await rm(folder, { recursive: true });
});

interface Run {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** Runs the command; `interruptMs` after its start it is sent SIGINT, as by Ctrl-C. */
async function generate(args: readonly string[], interruptMs?: number): Promise<Run> {
  const { child, ended } = startCommand(['generate', ...args], { server: appliance, input: '' });
  if (interruptMs !== undefined) setTimeout(() => child.kill('SIGINT'), interruptMs);
  const { code, stdout, stderr } = await ended;
  return { code, output: stdout, errors: stderr };
}

interface Summary {
  readonly type: string;
  readonly acknowledged: number;
  readonly [name: string]: unknown;
}

function linesOf({ output }: Run): readonly Summary[] {
  return output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Summary);
}

/** Events that are found in a stream, once as many are there as are waited for. */
async function found(stream: string, expected: number): Promise<number> {
  const api = new ApiClient(appliance);
  const deadline = Date.now() + 30_000;
  for (;;) {
    const { body } = await api.logs({
      stream,
      start_time: '2026-01-01T00:00:00Z',
      end_time: 'now+1h',
      limit: 1,
    });
    if (body.total >= expected || Date.now() > deadline) return body.total;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function residue(): Promise<number> {
  const { body } = await new ApiClient(appliance).ledger();
  return body.residue;
}

describe('alluvium generate', () => {
  it('gives a new user something to search at once', async () => {
    const run = await generate([]);
    expect(run).toMatchObject({ code: 0, errors: '' });
    expect(run.output).toMatch(/^acknowledged +5,000 events in \d+ requests/);
    expect(await found('default', 5_000)).toBe(5_000);
  });

  it('sends at a rate for a while, all of it found', async () => {
    const run = await generate([
      '--mode',
      'sustained',
      '--rate',
      '500',
      '--duration',
      '4s',
      '--stream',
      'paced',
      '--json',
    ]);
    const lines = linesOf(run);
    expect(run.code).toBe(0);
    expect(lines.filter(({ type }) => type === 'progress').length).toBeGreaterThanOrEqual(3);
    expect(lines.at(-1)).toMatchObject({ type: 'summary', acknowledged: 2_000, skipped: 0, refused: {} });
    expect(Number(lines.at(-1)?.['p99_ms'])).toBeGreaterThan(0);
    expect(await found('paced', 2_000)).toBe(2_000);
  });

  it('sends each category to its own stream, of its own type', async () => {
    const summary = linesOf(
      await generate(['--mode', 'multi', '--events', '3000', '--rate', '3000', '--json']),
    ).at(-1);
    const streams = ['web', 'logins', 'payments', 'machines'];
    expect(summary).toMatchObject({ acknowledged: 3_000, given_up: 0, unknown: 0 });
    const counts = await Promise.all(streams.map((stream) => found(stream, 1)));
    expect(counts.every((count) => count > 0)).toBe(true);
    const total = async (): Promise<number> => {
      const all = await Promise.all(streams.map((stream) => found(stream, 0)));
      return all.reduce((sum, count) => sum + count, 0);
    };
    await expect.poll(total, { timeout: 30_000 }).toBe(3_000);
    const api = new ApiClient(appliance);
    const failed = await api.logs({ stream: 'logins', query: 'action:failed', limit: 1 });
    expect(failed.body.logs[0]).toMatchObject({ event_type: 'login' });
    const quarantine = await api.quarantine({ limit: '1' });
    expect(quarantine.body.total).toBe(0);
  });

  it('ends in order at Ctrl-C: what it says was acknowledged is what is found', async () => {
    const run = await generate(['--mode', 'load-test', '--stream', 'flood', '--json'], 3_000);
    const summary = linesOf(run).at(-1);
    expect(run.code).toBe(0);
    expect(summary).toMatchObject({ type: 'summary', unknown: 0 });
    const acknowledged = summary?.acknowledged ?? 0;
    expect(acknowledged).toBeGreaterThan(1_000);
    await expect.poll(() => found('flood', acknowledged), { timeout: 60_000 }).toBe(acknowledged);
    expect(await residue()).toBe(0);
  });

  it('lists every mistake of a file, and sends nothing', async () => {
    const file = join(folder, 'bad.yaml');
    await writeFile(file, 'categories:\n  a:\n    weight: 0\n    fields:\n      x: { zip: {} }\n');
    expect(await generate(['--categories', file])).toEqual({
      code: 2,
      output: '',
      errors:
        `${file}:3:13 categories.a.weight: 0 is no weight. Write a number above 0.\n` +
        `${file}:5:10 categories.a.fields.x: No kind of field is named "zip". Did you mean zipf?\n`,
    });
    const missing = await generate(['--categories', join(folder, 'none.yaml')]);
    expect([missing.code, missing.errors]).toEqual([2, expect.stringContaining('can not be read')]);
  });

  it('prints events, the same for the same seed, and the file that it comes with', async () => {
    const args = ['--print', '20', '--seed', '7', '--start-time', '2026-11-20T00:00:00Z'];
    const [one, two] = [await generate(args), await generate(args)];
    expect(one.output.trim().split('\n')).toHaveLength(20);
    expect(one).toEqual(two);
    const own = join(folder, 'own.yaml');
    await writeFile(own, (await generate(['--print-categories'])).output);
    expect((await generate([...args, '--categories', own])).output).toBe(one.output);
  });

  it('says who refused', async () => {
    const run = await generate(['--key', 'alv_00000000_nokeyatallnokeyatallnokeyatallnokey']);
    expect(run.code).toBe(4);
    expect(run.errors).toContain('alluvium: ');
    expect(run.output).toContain('given up');
  });
});
