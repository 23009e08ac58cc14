import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { HOSTILE_TEXTS } from '../../../test/search/hostile-texts.js';
import { startTestServer } from '../testing/test-server.js';
import { ServerEngine } from './server-engine.js';

const ENDLESS = 'SELECT sum(sipHash64(number)) FROM numbers(1000000000000)';
const server = await startTestServer();
const engine = new ServerEngine({ ...server, concurrency: 4 });
afterAll(async () => {
  await engine.close();
  await server.stop();
});

/** Statements of the tests that run now. */
async function running(): Promise<number> {
  const statement =
    "SELECT count() AS n FROM system.processes WHERE user = currentUser() AND query NOT LIKE '%system%'";
  const [row] = (await engine.run(statement, { lane: 'write' })).rows<{ n: string }>();
  return Number(row?.n);
}

describe('a server', () => {
  it('keeps 64-bit integers exact and binds values of every kind', async () => {
    const parameters = { s: "a' or \\ \n\t\0", n: '18446744073709551615', l: ["it's", '{p:String}', '\\N'] };
    const statement = 'SELECT {s:String} AS s, {n:UInt64} AS n, {l:Array(String)} AS l';
    expect((await engine.run(statement, { lane: 'read', parameters })).rows()).toEqual([parameters]);
  });

  it('takes every hostile text as a value, short or far longer than an address may be', async () => {
    for (const text of [...HOSTILE_TEXTS, 'é'.repeat(20_000)]) {
      const [row] = (
        await engine.run('SELECT {t:String} AS t', { lane: 'read', parameters: { t: text } })
      ).rows<{ t: string }>();
      expect(row?.t).toBe(text);
    }
  });

  it.each([200_000, 5_000_000])(
    'says of a value of %i letters that the question is too long',
    async (length) => {
      const parameters = { t: 'x'.repeat(length) };
      const long = { failure: 'query', message: expect.stringContaining('too long') };
      await expect(engine.run('SELECT {t:String}', { lane: 'read', parameters })).rejects.toMatchObject(long);
      const stream = engine.stream('SELECT {t:String}', { timeoutMs: 1_000, parameters });
      const pieces = stream[Symbol.asyncIterator]();
      await expect(pieces.next()).rejects.toMatchObject(long);
    },
  );

  it('ends a statement there when its caller leaves', async () => {
    const leave = new AbortController();
    const left = engine.run(ENDLESS, { lane: 'read', signal: leave.signal });
    await expect.poll(running).toBe(1);
    leave.abort();
    await expect(left).rejects.toMatchObject({ failure: 'unavailable' });
    await expect.poll(running).toBe(0);
  });

  it('serves writes while every reader is busy', async () => {
    const leave = new AbortController();
    const reads = Array.from({ length: 6 }, () =>
      engine.run(ENDLESS, { lane: 'read', signal: leave.signal }),
    );
    expect((await engine.run('SELECT 1 AS n', { lane: 'write' })).rows()).toEqual([{ n: 1 }]);
    leave.abort();
    expect(new Set((await Promise.allSettled(reads)).map(({ status }) => status))).toEqual(
      new Set(['rejected']),
    );
  });

  it('says what a statement read', async () => {
    const { rowsRead, rowsBeforeLimit } = await engine.run(
      'SELECT number FROM numbers(1000) ORDER BY -number LIMIT 3 SETTINGS exact_rows_before_limit = 1',
      { lane: 'read' },
    );
    expect([rowsRead > 0, rowsBeforeLimit]).toEqual([true, 1000]);
  });
});

describe('a stream of a server', () => {
  const rows = (count: number) =>
    `SELECT concat(toString(number), repeat('x', 1000)) AS line FROM numbers(${count}) SETTINGS max_block_size = 1000`;

  it('gives every row once, in whole rows', async () => {
    let [count, bytes] = [0, 0];
    for await (const piece of engine.stream(rows(20_000), { timeoutMs: 60_000 })) {
      expect(piece.bytes.at(-1)).toBe(10);
      count += piece.rows;
      bytes += piece.bytes.byteLength;
    }
    expect([count, bytes]).toEqual([20_000, 20_000 * 1001 + 88_890]);
  });

  it('fails where the statement fails behind its first rows', async () => {
    const statement =
      'SELECT toString(throwIf(number = 500000)) FROM numbers(1000000) SETTINGS max_block_size = 1000';
    const read = async () => {
      for await (const { rows: some } of engine.stream(statement, { timeoutMs: 60_000 }))
        expect(some).toBeGreaterThan(0);
    };
    await expect(read()).rejects.toMatchObject({ failure: 'data' });
  });

  it('stands still while nobody reads, however long, and ends when its reader leaves', async () => {
    const pieces = engine.stream(rows(100_000_000), { timeoutMs: 60_000 })[Symbol.asyncIterator]();
    expect((await pieces.next()).value?.rows).toBeGreaterThan(0);
    // The one that failed before may not have gone yet.
    await expect.poll(running).toBe(1);
    await pieces.return?.(undefined);
    await expect.poll(running).toBe(0);
  });

  it('ends when its time of work is over', async () => {
    const pieces = engine.stream(`SELECT toString(x) FROM (${ENDLESS.replace(' FROM', ' AS x FROM')})`, {
      timeoutMs: 300,
    });
    await expect(pieces[Symbol.asyncIterator]().next()).rejects.toMatchObject({ failure: 'timeout' });
    await expect.poll(running).toBe(0);
  });

  it('may be a Parquet file, or none where the statement fails', async () => {
    const path = join(tmpdir(), `alluvium-${process.pid}.parquet`);
    try {
      await engine.saveParquet('SELECT number AS n FROM numbers(100000)', path, {
        settings: ['max_threads = 1'],
      });
      const bytes = await readFile(path);
      expect([bytes.toString('latin1', 0, 4), bytes.toString('latin1', bytes.length - 4)]).toEqual([
        'PAR1',
        'PAR1',
      ]);
      await rm(path);
      const failing = 'SELECT throwIf(number = 900000) AS n FROM numbers(1000000)';
      await expect(
        engine.saveParquet(failing, path, { settings: ['max_block_size = 1000', 'max_threads = 1'] }),
      ).rejects.toMatchObject({ failure: 'data' });
    } finally {
      await rm(path, { force: true });
    }
  });
});
