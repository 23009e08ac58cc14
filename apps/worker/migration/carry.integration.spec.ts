import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { MemoryStorage } from '#archive-storage/testing';
import type { ArchivedUnit, StreamArchive } from '#archived-units';
import { carryFiles } from './carry-files.js';
import { carryObjects } from './carry-objects.js';
import { requireFree } from './require-free.js';

let root: string;
let [from, to]: [string, string] = ['', ''];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'alluvium-carry-'));
  [from, to] = [join(root, 'from'), join(root, 'to')];
  await mkdir(to);
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
const read = (path: string) => readFile(path, 'utf8');

it('files: secrets and what admins put there come along, what is there stays, another appliance is not mixed in', async () => {
  await expect(carryFiles(from, to)).rejects.toMatchObject({ code: 'migration_refused' });
  await put(join(from, 'pepper'), 'one');
  await put(join(from, 'enrichment/hosts.csv'), 'a,b');
  await put(join(from, 'bus/data.mdb'), 'not this');
  await put(join(to, 'enrichment/own.csv'), 'own');
  for (let times = 0; times < 2; times += 1)
    expect(await carryFiles(from, to)).toEqual(['pepper', 'enrichment']);
  expect([await read(join(to, 'pepper')), await read(join(to, 'enrichment/hosts.csv'))]).toEqual([
    'one',
    'a,b',
  ]);
  expect(await read(join(to, 'enrichment/own.csv'))).toBe('own');
  await expect(read(join(to, 'bus/data.mdb'))).rejects.toThrow('ENOENT');
  await put(join(to, 'pepper'), 'two');
  await expect(carryFiles(from, to)).rejects.toThrow(/another appliance's: name an empty data directory/);
});

it('objects: what the archive has comes to where archives are now; what is in neither place is named', async () => {
  const unit = {
    manifest: { key: 'tenant=a/_m.json' },
    files: [{ key: 'tenant=a/f.parquet' }],
  } as unknown as ArchivedUnit;
  const archive = (state: ArchivedUnit['state']): StreamArchive => ({
    ...{ schemas: [], discarded: [], units: [{ ...unit, state }] },
  });
  const storage = new MemoryStorage(new Map());
  await put(join(from, 'tenant=a/_m.json'), '{}');
  expect(await carryObjects([archive('copied')], from, storage)).toBe(0);
  await expect(carryObjects([archive('evicted')], from, storage)).rejects.toMatchObject({
    ...{ code: 'migration_refused', message: expect.stringContaining('tenant=a/f.parquet') },
  });
  await put(join(from, 'tenant=a/f.parquet'), 'events');
  expect(await carryObjects([archive('answering')], from, storage)).toBe(1);
  expect(await carryObjects([archive('evicted')], from, storage)).toBe(0);
  expect((await storage.list('')).map(({ key }) => key)).toEqual(['tenant=a/_m.json', 'tenant=a/f.parquet']);
});

it('room: a disk that is too small is refused with what there is and what is needed', async () => {
  await requireFree(join(root, 'made'), 1);
  await expect(requireFree(root, 1e18)).rejects.toThrow(/bytes of free disk, and about 1000000000000000000/);
});
