import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LmdbCatalogue } from './lmdb-catalogue.js';

const WRITER = fileURLToPath(new URL('../testing/catalogue-writer.mjs', import.meta.url));
const FULL_DISK_WRITER = fileURLToPath(new URL('../testing/full-disk-writer.mjs', import.meta.url));

describe('the catalogue after its process was killed', () => {
  let directory: string;
  const acknowledged = new Set<string>();

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'alluvium-catalogue-crash-'));
    acknowledged.clear();
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  /** One life of the writer; without a fault point it is killed after `times` acknowledged writes. */
  async function live(round: number, times: number, faultPoint?: string): Promise<void> {
    const args = [WRITER, directory, String(round), ...(faultPoint ? [faultPoint, String(times)] : [])];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const exited = once(child, 'exit');
    let seen = 0;
    for await (const line of createInterface(child.stdout)) {
      acknowledged.add(line);
      seen += 1;
      if (!faultPoint && seen === times) child.kill('SIGKILL');
    }
    expect(await exited).toEqual([null, 'SIGKILL']);
  }

  async function missing(): Promise<readonly string[]> {
    const catalogue = LmdbCatalogue.open({ directory });
    const found = new Set<string>();
    for (let after = ''; ;) {
      const page = await catalogue.scan<{ id: string }>('load', after === '' ? {} : { after });
      for (const { id, value } of page) if (value.id === id) found.add(id);
      const last = page.at(-1);
      if (last === undefined) break;
      after = last.id;
    }
    await catalogue.stop();
    return [...acknowledged].filter((id) => !found.has(id));
  }

  it('has every acknowledged document, ten times over, killed at random', async () => {
    const ends = Array.from({ length: 10 }, () => 1 + Math.floor(Math.random() * 1_500));
    for (const [round, times] of ends.entries()) {
      await live(round, times);
      expect(await missing(), `killed after ${ends.slice(0, round + 1).join(', ')} writes`).toEqual([]);
    }
    expect(acknowledged.size).toBeGreaterThan(10);
  });

  it.each(['catalogue.before-commit', 'catalogue.after-commit'])(
    'has every acknowledged document, killed at %s',
    async (faultPoint) => {
      for (const [round, times] of [1, 2, 17, 60].entries()) {
        await live(round, times, faultPoint);
        expect(await missing()).toEqual([]);
      }
      expect(acknowledged.size).toBeGreaterThan(0);
    },
  );
});

describe('the catalogue on a full disk', () => {
  it('refuses with a retryable error, can be read, and takes writes again when there is room', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'alluvium-catalogue-full-'));
    const limited = [
      '-c',
      'ulimit -S -f 600; exec "$@"',
      'limited',
      process.execPath,
      FULL_DISK_WRITER,
      directory,
    ];
    const child = spawn('bash', limited, { stdio: ['pipe', 'pipe', 'ignore'] });
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    const full = JSON.parse((await lines.next()).value) as Record<string, unknown>;
    expect(full).toMatchObject({
      codes: ['catalogue_unavailable', 'catalogue_unavailable'],
      retryable: true,
      readable: full['written'],
    });
    await once(spawn('prlimit', ['--pid', String(child.pid), '--fsize=unlimited:']), 'exit');
    child.stdin.write('go on\n');
    const { written } = JSON.parse((await lines.next()).value) as { written: number };
    const catalogue = LmdbCatalogue.open({ directory });
    expect(await catalogue.scan('load')).toHaveLength(written);
    await catalogue.stop();
    rmSync(directory, { recursive: true });
  });
});
