import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChdbEngine } from './chdb-engine.js';

const ENDLESS = 'SELECT sum(sipHash64(number)) FROM numbers(1000000000000)';
let directory: string;
let engine: ChdbEngine;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'alluvium-engine-'));
  engine = new ChdbEngine({ directory, memoryBytes: 1e9, concurrency: 4 });
});
afterAll(async () => {
  await engine.close();
  await rm(directory, { recursive: true, force: true });
});

const running = async (): Promise<number> => {
  const statement =
    "SELECT count() AS n FROM system.processes WHERE query LIKE '%1000000000000%' AND query NOT LIKE '%system%'";
  const [row] = (await engine.run(statement, { lane: 'write' })).rows<{ n: string }>();
  return Number(row?.n);
};

describe('the embedded engine', () => {
  it('keeps 64-bit integers exact and binds values of every kind', async () => {
    const parameters = { s: "a' or \\ \n", n: '18446744073709551615', l: ["it's", '{p:String}'] };
    const result = await engine.run('SELECT {s:String} AS s, {n:UInt64} AS n, {l:Array(String)} AS l', {
      lane: 'read',
      parameters,
    });
    expect(result.rows()).toEqual([parameters]);
  });

  it('answers nothing of a statement that failed half way, in whatever comes next', async () => {
    const failing =
      'SELECT number, throwIf(number = 200000) FROM numbers(300000) SETTINGS max_block_size = 1000';
    const sessions = Array.from({ length: 4 }, () => engine.run(failing, { lane: 'read' }));
    const ends = await Promise.allSettled(sessions);
    expect(new Set(ends.map(({ status }) => status))).toEqual(new Set(['rejected']));
    const next = Array.from({ length: 4 }, () => engine.run('SELECT 7 AS n', { lane: 'read' }));
    for (const result of await Promise.all(next)) expect(result.rows()).toEqual([{ n: 7 }]);
  });

  it('takes a long statement, and refuses one that is too long as a question', async () => {
    const ask = (length: number) =>
      engine.run('SELECT length({s:String}) AS n', { lane: 'read', parameters: { s: 'x'.repeat(length) } });
    expect((await ask(1_000_000)).rows()).toEqual([{ n: '1000000' }]);
    await expect(ask(5_000_000)).rejects.toMatchObject({ failure: 'query' });
  });

  it('says what it read, not what it answered', async () => {
    const read = await engine.run('SELECT max(number) AS n FROM numbers(1000)', { lane: 'read' });
    expect([read.rows(), read.rowsRead, read.bytesRead]).toEqual([[{ n: '999' }], 1000, 8000]);
    const none = await engine.run('SELECT 1 AS n WHERE 0', { lane: 'read' });
    expect([none.rows(), none.rowsRead]).toEqual([[], 0]);
  });

  it('gives up a statement whose time is over, and says so', async () => {
    await expect(
      engine.run(`${ENDLESS} SETTINGS max_execution_time = 0.1`, { lane: 'read' }),
    ).rejects.toMatchObject({ code: 'tier_timeout', retryable: false });
  });

  it('ends a statement in the engine when its caller leaves', async () => {
    const leave = new AbortController();
    const statement = engine.run(`${ENDLESS} SETTINGS max_execution_time = 30`, {
      lane: 'read',
      signal: leave.signal,
    });
    while ((await running()) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    leave.abort();
    await expect(statement).rejects.toMatchObject({ failure: 'unavailable' });
  });

  it('ends a statement that its caller left before the engine began it, and begins none after', async () => {
    const leave = new AbortController();
    const statement = engine.run(ENDLESS, { lane: 'read', signal: leave.signal });
    leave.abort(new Error('the caller left'));
    await expect(statement).rejects.toMatchObject({ failure: 'unavailable' });
    const late = engine.run(ENDLESS, { lane: 'read', signal: leave.signal });
    await expect(late).rejects.toThrow('the caller left');
  });

  it('goes on with writes while every read session is busy', async () => {
    const leave = new AbortController();
    const reads = [1, 2, 3].map(() =>
      engine.run(ENDLESS, { lane: 'read', signal: leave.signal }).catch(() => 'ended'),
    );
    await engine.run('SELECT 1', { lane: 'write' });
    leave.abort();
    expect(await Promise.all(reads)).toEqual(['ended', 'ended', 'ended']);
  });

  it('answers a search with values while another one is at work', async () => {
    const leave = new AbortController();
    const statement = `${ENDLESS} WHERE number != {n:UInt64}`;
    const slow = engine.run(statement, { lane: 'read', parameters: { n: 1 }, signal: leave.signal });
    const quick = await engine.run('SELECT {n:UInt8} AS n', { lane: 'read', parameters: { n: 2 } });
    expect(quick.rows()).toEqual([{ n: 2 }]);
    leave.abort();
    await expect(slow).rejects.toMatchObject({ failure: 'unavailable' });
  });

  it('refuses a value that is not of its type', async () => {
    const number = engine.run('SELECT {n:UInt8} AS n', { lane: 'read', parameters: { n: '1 or 1=1' } });
    await expect(number).rejects.toMatchObject({ retryable: false });
  });

  it.each([
    ['SELECT nope FROM system.one', 'tier_config'],
    ['SELECT throwIf(1)', 'tier_data'],
  ])('%s fails as %s', async (statement, code) => {
    await expect(engine.run(statement, { lane: 'read' })).rejects.toMatchObject({ code });
  });

  it('refuses a directory that another engine process could not share, with a way out', () => {
    expect(() => new ChdbEngine({ directory: '/proc/nowhere', memoryBytes: 1e9, concurrency: 3 })).toThrow(
      /can't open \/proc\/nowhere/,
    );
  });
});
