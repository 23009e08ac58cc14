import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contentOfBytes, type ObjectContent } from '#archive-storage';
import { OutsideTierObjects } from '../tiers/outside-tier-objects.js';
import { OutsideScene } from './testing/outside-scene.js';
import { tierPluginFiles, type TierRead, type TierWrite } from './testing/tier-plugin.js';

const KEY = `tier=cold/tenant=acme/stream=web/year=2026/month=11/day=20/part-${'a'.repeat(64)}.ndjson`;
const OTHER = KEY.replace('part-a', 'part-b');
const LINES = contentOfBytes(Buffer.from('{"n":1}\n{"n":2}\n'));
const NAME = /^20261120-[0-9a-f]{40}\.ndjson$/;

let scene: OutsideScene;
let directory: string;
let objects: OutsideTierObjects;
let logged: unknown[];
beforeEach(async () => {
  scene = await OutsideScene.make();
  directory = await mkdtemp(join(tmpdir(), 'alluvium-cold-'));
  logged = [];
  scene.tierPlace = { directory, isMade: false, options: {} };
  objects = new OutsideTierObjects({
    tiers: scene.tiers,
    engine: () => ({ fileOfLines: async (from, _columns, to) => writeFile(to, await readFile(from)) }),
    logger: { error: (context: unknown) => void logged.push(context) },
  });
});
afterEach(async () => {
  await scene.dispose();
  await rm(directory, { recursive: true, force: true });
});

const load = (write: TierWrite, read?: TierRead): Promise<void> =>
  scene.loadFiles('tier-cold', tierPluginFiles('cold', write, read));

async function textOf(key: string): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of objects.get(key)) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

/** Lines of some MiB. */
function manyLines(count = 60_000): ObjectContent {
  const line = `{"message":"${'x'.repeat(90)}"}\n`;
  return contentOfBytes(Buffer.from(line.repeat(count)));
}

describe('an outside tier', () => {
  it('keeps, gives back and removes units, by names that are the host’s own', async () => {
    await load('sound');
    await objects.put(KEY, LINES);
    await objects.put(KEY, LINES);
    await objects.put(OTHER, manyLines());
    expect(await textOf(KEY)).toBe('{"n":1}\n{"n":2}\n');
    expect(contentOfBytes(Buffer.from(await textOf(OTHER))).sha256).toBe(manyLines().sha256);
    const names = await readdir(directory);
    expect(names).toEqual([expect.stringMatching(NAME), expect.stringMatching(NAME)]);
    await objects.delete(OTHER);
    await objects.delete(OTHER);
    expect(await readdir(directory)).toHaveLength(1);
    await expect(textOf(OTHER)).rejects.toMatchObject({ code: 'archive_object_missing' });
    expect(scene.entry('tier-cold')).toMatchObject({ kind: 'tier', state: 'loaded', restarts: 0 });
  }, 30_000);

  it('gives a unit as a file, and none where its bytes are others', async () => {
    await load('sound');
    await objects.put(KEY, LINES);
    const path = join(directory, 'made.parquet');
    const wanted = { key: KEY, bytes: 1, sha256: LINES.sha256, columns: [] };
    await objects.toFile(wanted, path);
    expect(await readFile(path, 'utf8')).toBe('{"n":1}\n{"n":2}\n');
    await expect(objects.toFile({ ...wanted, sha256: 'other' }, path)).rejects.toMatchObject({
      code: 'archive_object_damaged',
    });
    expect((await readdir(directory)).filter((name) => name.startsWith('made'))).toEqual(['made.parquet']);
  });

  it('that a reader leaves early goes on with the next', async () => {
    await load('sound');
    await objects.put(KEY, manyLines());
    for (let n = 0; n < 3; n += 1) for await (const piece of objects.get(KEY)) if (piece.length > 0) break;
    expect((await textOf(KEY)).length).toBe(manyLines().bytes);
    expect(scene.entry('tier-cold')).toMatchObject({ state: 'loaded', restarts: 0 });
  }, 30_000);

  it.each([
    ['throws', 'ENOSPC: no space left on device'],
    ['stopsEarly', 'it did not read all lines'],
    ['loops', 'answering took longer than 1000 ms'],
    ['hangs', 'answering took longer than 1000 ms'],
    ['dies', 'it ended'],
    ['buffers', 'memory'],
  ] as const)(
    'that %s at a write fails it and says why, and gives back what it has',
    async (how, why) => {
      await load('sound');
      await objects.put(KEY, LINES);
      await load(how);
      await expect(objects.put(OTHER, manyLines())).rejects.toMatchObject({
        ...{ code: 'archive_tier_failed', retryable: false },
        message: expect.stringMatching(new RegExp(`The storage tier "cold" did not keep tier=cold/.*${why}`)),
      });
      expect(await textOf(KEY)).toBe('{"n":1}\n{"n":2}\n');
      expect(logged).toHaveLength(1);
    },
    30_000,
  );

  it.each([
    ['drops', '{}\n'],
    ['throws', 'EIO: i/o error'],
    ['trickles', 'answering took longer than 1000 ms'],
    ['texts', 'no bytes'],
  ] as const)('that %s at a read is told', async (how, what) => {
    await load('sound', how);
    await objects.put(KEY, LINES);
    const read = await textOf(KEY).catch((error: unknown) => String(error));
    expect(read).toContain(what);
  });

  it.each(['escapes', 'readsAround'] as const)('that %s gets no further than its directory', async (how) => {
    const outside = join(scene.versionsDirectory, 'outside');
    scene.tierPlace = { directory, isMade: false, options: { outside } };
    await load(how);
    await writeFile(outside, 'secret');
    await expect(objects.put(KEY, LINES)).rejects.toThrow(/Access to this API has been restricted/);
    expect(await readFile(outside, 'utf8')).toBe('secret');
  });

  it('that is not there, whose directory is missing, or that takes other options says so', async () => {
    await expect(objects.put(KEY, LINES)).rejects.toThrow(/put its plugin tier-cold back and trust it/);
    await load('sound');
    scene.tierPlace = { directory: join(directory, 'mount'), isMade: false, options: {} };
    await expect(objects.put(KEY, LINES)).rejects.toThrow(/ENOENT.*mount/);
    scene.tierPlace = { directory, isMade: false, options: { level: 9 } };
    await expect(objects.put(KEY, LINES)).rejects.toThrow(/level/);
    scene.tierPlace = { directory: join(directory, 'a/b'), isMade: true, options: {} };
    await objects.put(KEY, LINES);
    expect(await readdir(join(directory, 'a/b'))).toHaveLength(1);
  });

  it('of a new version works on with what the old one has', async () => {
    await load('sound');
    await objects.put(KEY, LINES);
    await scene.loadFiles('tier-cold', { 'more.ts': 'export {};\n' });
    expect(await textOf(KEY)).toBe('{"n":1}\n{"n":2}\n');
    await scene.plugins.close();
    await expect(textOf(KEY)).rejects.toMatchObject({ code: 'archive_tier_failed' });
  });

  it.each(['search', 'archive', 'delete', 'forever'])('can not be named %s', async (name) => {
    await expect(scene.loadFiles(`tier-${name}`, tierPluginFiles(name, 'sound'))).rejects.toThrow(
      /policies have another meaning for/,
    );
  });
});
