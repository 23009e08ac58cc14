import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkEmbeddedHome, checkServedHome, claimServedHome } from './catalogue-home.js';

let directory: string;
beforeEach(async () => {
  directory = join(await mkdtemp(join(tmpdir(), 'alluvium-catalogue-home-')), 'catalogue');
});
afterEach(() => rm(join(directory, '..'), { recursive: true }));

it('a data directory is tied to the catalogue of a server that it was begun with', async () => {
  checkServedHome(directory);
  await claimServedHome(directory, 'one');
  await claimServedHome(directory, 'one');
  await expect(claimServedHome(directory, 'other')).rejects.toMatchObject({
    code: 'catalogue_elsewhere',
    message: expect.stringContaining('MONGODB_DATABASE'),
  });
  expect(() => checkEmbeddedHome(directory)).toThrow(/set MONGODB_URI/);
});

it('one with a catalogue of its own is not used with a server', async () => {
  await claimServedHome(directory, 'one');
  await writeFile(join(directory, 'data.mdb'), '');
  expect(() => checkServedHome(directory)).toThrow(/unset MONGODB_URI/);
});
