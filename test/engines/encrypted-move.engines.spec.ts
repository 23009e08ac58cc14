import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { MoveRig } from '../faults/move-rig.js';
import { MOVES, moveThrough } from '../faults/move-through.js';
import { startEnginesOfMoves, type EnginesOfMoves } from './moved-on-engines.js';

const COPIES = ['archive.exported:1', 'archive.content:1', 'archive.put:1', 'archive.signed:1'];

let engines: EnginesOfMoves;
let rig: MoveRig;
beforeEach(async () => {
  engines = await startEnginesOfMoves();
  const { archive } = engines;
  const env = { ALLUVIUM_ARCHIVE_ENCRYPTION: 'on', ALLUVIUM_ARCHIVE_KEYS: '0a'.repeat(32) };
  rig = await MoveRig.start({ ...archive, env: { ...archive.env, ...env } });
}, 180_000);
afterEach(async () => {
  await rig.dispose();
  await engines.stop();
});

it('days move into an encrypted archive in a bucket, leave search and are deleted there, whatever kills the server, and nothing is left in the clear', async () => {
  await moveThrough(rig, [...COPIES, ...MOVES]);
  expect(await readdir(join(rig.appliance.dataDirectory, 'archive-copies')).catch(() => [])).toEqual([]);
}, 900_000);
