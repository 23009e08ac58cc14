import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readDataFormat } from '#data-format';
import { canonicalJson } from '#archive-format';
import { PLAIN_CODEC } from './format/plain-codec.js';
import { PIECE_BYTES } from './format/saved-folder.js';
import { BackupScene } from './testing/scene.js';
import { restoreBackup } from './work/restore-backup.js';
import { tidyBackups } from './work/tidy-backups.js';
import { verifyBackup } from './work/verify-backup.js';

const KEY = '0a'.repeat(32);
const OTHER_KEY = '0b'.repeat(32);
const BIG = randomBytes(PIECE_BYTES + 1_000);
const FILES = { 'admin.key': 'canary', 'bus/data.mdb': BIG, 'tiers/x/a.bin': 'a', 'tiers/x/b.bin': '' };

let scene: BackupScene;
beforeEach(async () => {
  scene = await BackupScene.make();
  await scene.write({ ...FILES, 'left-out/file': 'x' });
  await mkdir(join(scene.data, 'empty'));
});
afterEach(() => scene.dispose());

describe.each([undefined, KEY])('a backup with the key %s', (key) => {
  it('gives back every file, folders without files too, for its owner alone', async () => {
    const store = await scene.open({ key });
    const head = await scene.backUp(store);
    const target = scene.target();
    await restoreBackup(store, head, target);
    expect(await scene.filesOf(target)).toEqual({
      ...FILES,
      'bus/data.mdb': BIG.toString('latin1'),
    });
    expect(await readdir(join(target, 'empty'))).toEqual([]);
    expect((await stat(join(target, 'admin.key'))).mode & 0o777).toBe(0o600);
    expect((await stat(target)).mode & 0o777).toBe(0o700);
    expect((await stat(scene.place)).mode & 0o777).toBe(0o700);
    expect(await verifyBackup(store, head)).toMatchObject({ problems: [] });
  });

  it('puts only what no earlier one has, and an earlier one stays as it is', async () => {
    const store = await scene.open({ key });
    const first = await scene.backUp(store);
    await scene.write({ 'tiers/y/c.bin': 'new' });
    const second = await scene.backUp(store);
    expect(second.new_pieces).toBe(2);
    expect(second.bytes).toBe(first.bytes + 3);
    const target = scene.target();
    await restoreBackup(store, first, target);
    expect(Object.keys(await scene.filesOf(target))).toHaveLength(4);
  });

  it('tells which piece is damaged or missing, and is not restored then', async () => {
    const store = await scene.open({ key });
    const head = await scene.backUp(store);
    const [piece = ''] = await scene.pieces();
    const content = await readFile(piece);
    content[content.length - 1] = (content.at(-1) ?? 0) ^ 1;
    await writeFile(piece, content);
    await expect(restoreBackup(store, head, scene.target())).rejects.toThrow(
      expect.objectContaining({ code: 'backup_damaged' }),
    );
    await rm(piece);
    const again = store.piece([piece.slice(-70, -6), content.length]);
    await expect(again).rejects.toMatchObject({ code: 'backup_damaged', message: /is missing/ });
    expect(await scene.backUp(store)).toMatchObject({ files: 4 });
    expect(await verifyBackup(store, head)).toMatchObject({ problems: [] });
  });

  it('that was cut off leaves earlier ones whole, and what it put is tidied away', async () => {
    const store = await scene.open({ key });
    const head = await scene.backUp(store);
    const before = await scene.pieces();
    await scene.write({ 'tiers/y/c.bin': randomBytes(PIECE_BYTES + 1) });
    const stop = new AbortController();
    const putPiece = store.putPiece.bind(store);
    store.putPiece = async (...piece) => {
      await putPiece(...piece);
      stop.abort();
    };
    await expect(scene.backUp(store, stop.signal)).rejects.toThrow(/abort/i);
    expect((await scene.pieces()).length).toBeGreaterThan(before.length);
    expect(await store.ids()).toEqual([head.id]);
    expect(await tidyBackups(store, 1)).toEqual({ backups: 0, pieces: 1 });
    expect((await scene.pieces()).toSorted()).toEqual(before.toSorted());
    expect(await verifyBackup(store, head)).toMatchObject({ problems: [] });
  });

  it('goes when there are enough newer ones, with what only it has', async () => {
    const store = await scene.open({ key });
    await scene.backUp(store);
    await rm(join(scene.data, 'bus'), { recursive: true });
    const { id } = await scene.backUp(store);
    const tidied = await tidyBackups(store, 1);
    expect(tidied.backups).toBe(1);
    expect(tidied.pieces).toBeGreaterThanOrEqual(3);
    expect(await store.ids()).toEqual([id]);
    expect(await verifyBackup(store, await store.head(id))).toMatchObject({ problems: [] });
  });
});

describe('an encrypted backup', () => {
  it('has neither contents, names nor sums of contents in its place', async () => {
    const store = await scene.open({ key: KEY });
    const head = await scene.backUp(store);
    const sum = PLAIN_CODEC.nameOf(Buffer.from('canary'));
    const all = Object.entries(await scene.filesOf(scene.place))
      .flat()
      .join('\n');
    expect(all).not.toMatch(new RegExp(`canary|admin\\.key|data\\.mdb|${sum}`));
    expect(head.key_id).toMatch(/^[0-9a-f]{16}$/);
    expect(KEY).not.toContain(head.key_id);
  });

  it.each([
    ['no key', undefined, 'backup_key_needed', /ALLUVIUM_BACKUP_KEY_FILE/],
    ['another key', OTHER_KEY, 'backup_key_wrong', /encrypted with the key [0-9a-f]{16}, and the key/],
  ])('is refused with %s', async (_, key, code, message) => {
    const { id } = await scene.backUp(await scene.open({ key: KEY }));
    const reading = (await scene.open({ key, readOnly: true })).head(id);
    await expect(reading).rejects.toMatchObject({ code, message });
  });

  it('is not mixed up with one that is not encrypted', async () => {
    const { id } = await scene.backUp(await scene.open());
    const reading = (await scene.open({ key: KEY })).head(id);
    await expect(reading).rejects.toMatchObject({ code: 'backup_key_wrong', message: /is not encrypted/ });
  });
});

describe('what is restored', () => {
  it('goes into an empty directory only', async () => {
    const store = await scene.open();
    const head = await scene.backUp(store);
    await expect(restoreBackup(store, head, scene.data)).rejects.toMatchObject({
      code: 'backup_target_not_empty',
    });
  });

  it('is not started on before all of it is there', async () => {
    const store = await scene.open();
    const head = await scene.backUp(store);
    const target = scene.target();
    await rm((await scene.pieces())[0] ?? '');
    await expect(restoreBackup(store, head, target)).rejects.toThrow('is missing');
    await expect(readDataFormat(target)).rejects.toMatchObject({ code: 'restore_unfinished' });
  });

  it('is looked for in a directory that is there, which is only read', async () => {
    await expect(scene.open({ readOnly: true })).rejects.toMatchObject({ code: 'backup_not_found' });
    await expect((await scene.open()).head('20261123t021500000z-5f0e6a52')).rejects.toMatchObject({
      code: 'backup_not_found',
    });
  });

  it.each([
    ['a path out of the directory', '{"folder":"../x","files":[],"pieces":[]}'],
    ['an absolute path', '{"folder":"/etc","files":[],"pieces":[]}'],
    ['a file in another folder', '{"folder":"","files":[["../x",0]],"pieces":[]}'],
    ['a file twice', '{"folder":"","files":[["x",0],["x",0]],"pieces":[]}'],
    ['more files than pieces', '{"folder":"","files":[["x",9]],"pieces":[]}'],
    ['a piece elsewhere', '{"folder":"","files":[],"pieces":[["../../x",0]]}'],
    [
      'a folder in place of a file',
      '{"folder":"","files":[["x",0]],"pieces":[]}\n{"folder":"x","files":[],"pieces":[]}',
    ],
    ['no JSON', 'x'],
  ])('is no index with %s', async (_, line) => {
    const store = await scene.open();
    const head = await scene.backUp(store);
    const index = Buffer.from(`${line}\n`);
    const name = store.nameOf(index);
    await store.putPiece(name, index);
    const forged = { ...head, index: [[name, index.length]] as [[string, number]] };
    const target = scene.target();
    await expect(restoreBackup(store, forged, target)).rejects.toMatchObject({ code: 'backup_unreadable' });
    expect((await readdir(target)).filter((file) => file !== 'x')).toEqual(['restore.unfinished']);
  });

  it.each([
    ['no JSON', () => 'x', 'backup_unreadable'],
    ['another shape', () => '{"head":{}}', 'backup_unreadable'],
    ['a newer format', () => '{"head":{"format":2,"written_by":"alluvium 9"}}', 'backup_format_newer'],
    ['a change', (text: string) => text.replace('"files": 4', '"files": 3'), 'backup_damaged'],
    [
      'another id',
      (text: string) => {
        const { head } = JSON.parse(text) as { head: Record<string, unknown> };
        const other = { ...head, id: '20000101t000000000z-00000000' };
        return JSON.stringify({ head: other, proof: PLAIN_CODEC.proofOf(canonicalJson(other)) });
      },
      'backup_unreadable',
    ],
  ])('is no head with %s', async (_, change, code) => {
    const store = await scene.open();
    const { id } = await scene.backUp(store);
    const path = join(scene.place, 'backups', `${id}.json`);
    await writeFile(path, change(await readFile(path, 'utf8')));
    await expect(store.head(id)).rejects.toMatchObject({ code });
  });
});
