import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { mergeThrough } from './merge-through.js';
import { MoveRig, type MovedTier } from './move-rig.js';

const ARCHIVE: MovedTier = { name: 'archive', folder: 'archives' };
const ENCRYPTED: MovedTier = {
  ...ARCHIVE,
  env: { ALLUVIUM_ARCHIVE_ENCRYPTION: 'on', ALLUVIUM_ARCHIVE_KEYS: '0a'.repeat(32) },
};

let rig: MoveRig;
afterEach(async () => {
  await rig.dispose();
});

it('small files of a day are merged, whatever kills the server, and no count has a gap or a double', async () => {
  rig = await MoveRig.start(ARCHIVE);
  await mergeThrough(rig);
}, 240_000);

it('small files of an encrypted archive are merged in the same way, and nothing of them is left in the clear', async () => {
  rig = await MoveRig.start(ENCRYPTED);
  await mergeThrough(rig);
  expect(await readdir(join(rig.appliance.dataDirectory, 'archive-merges')).catch(() => [])).toEqual([]);
}, 240_000);
