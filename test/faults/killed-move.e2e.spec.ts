import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeGuideTier } from '../support/guide-tier.js';
import { MoveRig, type MovedTier } from './move-rig.js';
import { DAYS, MOVES, moveThrough, PER_DAY } from './move-through.js';

let rig: MoveRig;
let plugins: string;
beforeEach(async () => {
  plugins = await mkdtemp(join(tmpdir(), 'alluvium-tiers-'));
});
afterEach(async () => {
  await rig.dispose();
  await rm(plugins, { recursive: true, force: true });
});

const ARCHIVE: MovedTier = { name: 'archive', folder: 'archives' };
const ENCRYPTED: MovedTier = {
  ...ARCHIVE,
  env: { ALLUVIUM_ARCHIVE_ENCRYPTION: 'on', ALLUVIUM_ARCHIVE_KEYS: '0a'.repeat(32) },
};
const gzipFiles = (): MovedTier => ({
  ...{ name: 'gzip-files', folder: 'outside-tiers/gzip-files' },
  env: { ALLUVIUM_PLUGINS_DIR: plugins },
});

it('days move into the archive, leave search and are deleted there, whatever kills the server, and no count has a gap or a double', async () => {
  rig = await MoveRig.start(ARCHIVE);
  await moveThrough(rig, MOVES);
}, 240_000);

it('days move into an encrypted archive in the same way', async () => {
  const copies = ['archive.exported:1', 'archive.content:1', 'archive.put:1', 'archive.signed:1'];
  rig = await MoveRig.start(ENCRYPTED);
  await moveThrough(rig, [...copies, ...MOVES]);
  const left = await readdir(join(rig.appliance.dataDirectory, 'archive-copies')).catch(() => []);
  expect(left).toEqual([]);
}, 300_000);

it('a day that a tier gives back with another byte stays in search, also where it answered already', async () => {
  // Its bytes rot while a file says so.
  const rots = (text: string): string =>
    text
      .replace(
        'read(unit: KeptUnit): AsyncIterable<Uint8Array> {\n    return',
        'async *read(unit: KeptUnit): AsyncGenerator<Uint8Array> {\n    const pieces =',
      )
      .replace(
        "'gzip'));\n  }\n\n  async remove",
        "'gzip'));\n    yield* this.rotten(pieces);\n  }\n\n  async remove",
      )
      .replace(
        '  async remove',
        `  async *rotten(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const rots = existsSync(\`\${this.place}/rot\`);
    for await (const piece of pieces) yield rots ? piece.map((byte) => (byte === 115 ? 116 : byte)) : piece;
  }

  async remove`,
      )
      .replace(
        'constructor(directory: string) {',
        'readonly place: string;\n  constructor(directory: string) {\n    this.place = directory;',
      )
      .replace(/^import \{ through/, "import { existsSync } from 'node:fs';\nimport { through");
  await makeGuideTier(plugins, rots);
  rig = await MoveRig.start(gzipFiles());
  await rig.send(DAYS.slice(0, 1), PER_DAY);
  const place = join(rig.appliance.dataDirectory, 'outside-tiers/gzip-files');
  await mkdir(place, { recursive: true });
  await writeFile(join(place, 'rot'), '');
  const policies = { tenant: { keep: 'search 7d -> gzip-files forever' } };
  expect(await rig.apply(policies)).toMatchObject({
    ...{ copied: { units: 0 }, not_copied: { units: 1 } },
    units: [{ outcome: 'not_copied', reason: 'damaged' }, { outcome: 'not_moved' }],
  });
  expect([await rig.states(), await rig.objects()]).toEqual([['search 1, archive 0'], 0]);

  await rm(join(place, 'rot'));
  expect(await rig.apply()).toMatchObject({ moved: { units: 1 } });
  await rig.passGrace();
  await writeFile(join(place, 'rot'), '');
  expect(await rig.apply()).toMatchObject({
    ...{ removed: { units: 0 }, kept: { units: 1 } },
    units: [{ outcome: 'kept', reason: 'damaged' }],
  });
  expect((await rig.states())[0]).toMatch(/^search 1/);
  await rig.totals.stop();
  expect([...rig.totals.seen]).toContain(PER_DAY);
  expect([...rig.totals.seen].filter((total) => total !== PER_DAY && total !== 0)).toEqual([]);
}, 120_000);

it('days move into the tier of the guide for authors, leave search and are deleted there in the same way', async () => {
  await makeGuideTier(plugins);
  const copies = ['archive.counted:1', 'archive.lines:1', 'archive.put:1', 'archive.signed:1'];
  rig = await MoveRig.start(gzipFiles());
  await moveThrough(rig, [...copies, ...MOVES]);
}, 300_000);
