import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChdbEngine } from './chdb-engine.js';
import type { TextPiece } from './engine.js';

const MANY = 'SELECT toString(number) AS line FROM numbers(1000001) SETTINGS max_block_size = 1000';
const ENDLESS =
  'SELECT toString(max(sipHash64(number))) AS line FROM numbers(1000000000000) WHERE number != 77';
let directory: string;
let engine: ChdbEngine;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'alluvium-stream-'));
  engine = new ChdbEngine({ directory, memoryBytes: 1e9, concurrency: 4 });
});
afterAll(async () => {
  await engine.close();
  await rm(directory, { recursive: true, force: true });
});

const piecesOf = (...of: Parameters<ChdbEngine['stream']>): AsyncIterator<TextPiece> =>
  engine.stream(...of)[Symbol.asyncIterator]();
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const running = async (): Promise<number> => {
  const statement = "SELECT count() AS n FROM system.processes WHERE query NOT LIKE '%system.processes%'";
  const [row] = (await engine.run(statement, { lane: 'write' })).rows<{ n: string }>();
  return Number(row?.n);
};
const untilNoneRuns = async (): Promise<number> => {
  const started = performance.now();
  while ((await running()) > 0 && performance.now() - started < 5_000) await pause(10);
  return performance.now() - started;
};

describe('a stream', () => {
  it('has every row once, in pieces that hold whole lines', async () => {
    let [rows, text] = [0, ''];
    for await (const piece of engine.stream(MANY, { timeoutMs: 10_000 })) {
      expect(piece.bytes.at(-1)).toBe(10);
      rows += piece.rows;
      text += Buffer.from(piece.bytes).toString();
    }
    expect(rows).toBe(1_000_001);
    expect(text).toBe(Array.from({ length: rows }, (_, n) => `${n}\n`).join(''));
  });

  it('binds values, and several run at once', async () => {
    const one = async (n: number): Promise<string> => {
      let text = '';
      const options = { timeoutMs: 5_000, parameters: { n: String(n), s: "it's" } };
      for await (const piece of engine.stream(
        'SELECT concat({s:String}, toString({n:UInt8})) AS line',
        options,
      ))
        text += Buffer.from(piece.bytes).toString();
      return text;
    };
    expect(await Promise.all([1, 2, 3, 4, 5, 6].map(one))).toEqual(
      [1, 2, 3, 4, 5, 6].map((n) => `it's${n}\n`),
    );
  });

  it('without rows has no pieces', async () => {
    for await (const _ of engine.stream("SELECT 'x' AS line WHERE 0", { timeoutMs: 1_000 })) expect.fail();
  });

  it('ends its statement when its reader stops', async () => {
    for await (const _ of engine.stream(MANY, { timeoutMs: 10_000 })) break;
    expect(await untilNoneRuns()).toBeLessThan(1_000);
  });

  it('ends its statement at once when its caller leaves, at work', async () => {
    const leave = new AbortController();
    const reading = piecesOf(ENDLESS, { timeoutMs: 30_000, signal: leave.signal });
    const next = reading.next();
    while ((await running()) === 0) await pause(5);
    leave.abort(new Error('the caller left'));
    await expect(next).rejects.toThrow();
    expect(await untilNoneRuns()).toBeLessThan(1_000);
  });

  it('ends its statement when its caller leaves between two pieces, and is no end of the rows', async () => {
    const leave = new AbortController();
    const reading = piecesOf(MANY, { timeoutMs: 30_000, signal: leave.signal });
    await reading.next();
    expect(await running()).toBe(1);
    leave.abort(new Error('the caller left'));
    expect(await untilNoneRuns()).toBeLessThan(1_000);
    await expect(reading.next()).rejects.toThrow('the caller left');
  });

  it('counts the time of the engine, not that of its reader', async () => {
    let rows = 0;
    for await (const piece of engine.stream(MANY, { timeoutMs: 2_000 })) {
      if (rows === 0) await pause(2_500);
      rows += piece.rows;
    }
    expect(rows).toBe(1_000_001);
    const endless = piecesOf(ENDLESS, { timeoutMs: 100 });
    await expect(endless.next()).rejects.toMatchObject({ failure: 'timeout' });
    expect(await untilNoneRuns()).toBeLessThan(1_000);
  });

  it.each([
    ['SELECT nope AS line', 'config'],
    ['SELECT toString(throwIf(number = 500000)) AS line FROM numbers(1000000)', 'data'],
  ])('%s fails as %s, and leaves nothing behind', async (statement, failure) => {
    const read = async (): Promise<void> => {
      for await (const _ of engine.stream(statement, { timeoutMs: 5_000 })) await Promise.resolve();
    };
    await expect(read()).rejects.toMatchObject({ failure });
    expect(await untilNoneRuns()).toBeLessThan(1_000);
  });

  it('of an engine that stops ends with an error', async () => {
    const other = await mkdtemp(join(tmpdir(), 'alluvium-stream-'));
    await engine.close();
    engine = new ChdbEngine({ directory: other, memoryBytes: 1e9, concurrency: 4 });
    const reading = piecesOf(MANY, { timeoutMs: 30_000 });
    await reading.next();
    const closing = engine.close();
    await expect(reading.next()).rejects.toMatchObject({ failure: 'unavailable' });
    await closing;
    await rm(other, { recursive: true, force: true });
  });
});
