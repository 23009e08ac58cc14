import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BrokenSetup } from '../testing/broken-setup.js';

const MIB = 2 ** 20;

let setup: BrokenSetup;
beforeEach(() => {
  setup = new BrokenSetup();
});
afterEach(() => setup.dispose());

describe('a data directory', () => {
  it('that is a file, or lies below one', async () => {
    const file = join(setup.folder, 'file');
    writeFileSync(file, '');
    for (const path of [file, join(file, 'data')])
      expect(await setup.complaint({ ALLUVIUM_DATA_DIR: path })).toMatchObject({
        check: 'data directory',
        status: 'problem',
        what: `${file} is a file, not a directory.`,
        mend: expect.stringContaining('ALLUVIUM_DATA_DIR'),
      });
  });

  it('whose directory above is missing may be a volume that is not mounted', async () => {
    const path = join(setup.folder, 'volume/data');
    expect(await setup.complaint({ ALLUVIUM_DATA_DIR: path })).toMatchObject({
      status: 'warning',
      what: `Neither it nor the directory above is there; the start would make it on the disk of ${setup.folder}.`,
      where: path,
      mend: expect.stringContaining('mount it'),
    });
    expect(readdirSync(setup.folder)).toEqual([]);
  });

  it('that a newer version made, or whose format nobody can read', async () => {
    const format = join(setup.folder, 'format.json');
    const complaint = () => setup.complaint({ ALLUVIUM_DATA_DIR: setup.folder });
    writeFileSync(format, '{"format":99,"written_by":"alluvium 9.9.9"}');
    expect(await complaint()).toMatchObject({
      ...{ check: 'data directory', status: 'problem', where: setup.folder },
      ...{
        what: expect.stringContaining('alluvium 9.9.9'),
        mend: expect.stringContaining('ALLUVIUM_DATA_DIR'),
      },
    });
    writeFileSync(format, 'none');
    expect(await complaint()).toMatchObject({ status: 'problem', what: expect.stringContaining(format) });
  });

  it('that this user may not write, or may not make', async () => {
    const refuse = {
      writeRefused: (path: string) => (path === setup.folder ? 'EACCES' : undefined),
      uid: 1000,
    };
    expect(await setup.complaint({}, refuse)).toMatchObject({
      status: 'problem',
      what: expect.stringContaining('can not be written by user 1000 (EACCES)'),
      mend: `chown -R 1000 ${setup.folder}, or start the server as the user that it belongs to.`,
    });
    const found = await setup.complaint({ ALLUVIUM_DATA_DIR: join(setup.folder, 'data') }, refuse);
    expect(found.what).toBe(
      `It is not there, and can not be made: ${setup.folder} takes no writing by user 1000 (EACCES).`,
    );
  });

  it('on a disk that is read-only or full to the last byte', async () => {
    const found = async (code: string) =>
      (await setup.complaint({}, { writeRefused: (path) => (path === setup.folder ? code : undefined) }))
        .what;
    expect([await found('EROFS'), await found('ENOSPC')]).toEqual([
      'Its disk is mounted read-only.',
      'Its disk is full.',
    ]);
  });

  it('with files of an earlier start by another user', async () => {
    mkdirSync(join(setup.folder, 'bus'));
    writeFileSync(join(setup.folder, 'bus/data.mdb'), '');
    const found = await setup.complaint(
      {},
      { writeRefused: (path) => (path.endsWith('.mdb') ? 'EACCES' : undefined), uid: 1000 },
    );
    expect(found.what).toBe(
      `User 1000 can not read and write 1 files in it, such as ${join(setup.folder, 'bus/data.mdb')}.`,
    );
    expect(found.mend).toContain(`chown -R 1000 ${setup.folder}`);
  });

  it.each([
    [0x6969, 'NFS', 'Locks and memory maps over a network'],
    [-11317950, 'CIFS', 'over a network'],
    [0x01021994, 'tmpfs', 'gone when the machine starts anew'],
    [0x794c7630, 'overlay', 'gone with the container'],
  ])('on a file system 0x%s, %s', async (type, name, danger) => {
    const found = await setup.complaint(
      {},
      { fileSystem: () => ({ type, freeBytes: 9e12, totalBytes: 1e13 }) },
    );
    expect(found).toMatchObject({
      status: 'warning',
      what: expect.stringContaining(`Its file system is ${name}.`),
    });
    expect(found.what).toContain(danger);
  });
});

describe('a disk', () => {
  const disk = (freeBytes: number) => ({
    fileSystem: () => ({ type: 0xef53, freeBytes, totalBytes: 100_000 * MIB }),
  });

  it('at its reserve is a problem, near it a warning', async () => {
    expect(await setup.complaint({}, disk(5_000 * MIB))).toMatchObject({
      check: 'disk',
      status: 'problem',
      what: '4.88 GiB of 97.7 GiB are free, and 4.88 GiB are the reserve: every event would be refused with 503.',
      mend: expect.stringContaining('ALLUVIUM_DISK_RESERVE_PERCENT'),
    });
    expect((await setup.complaint({}, disk(9_000 * MIB))).status).toBe('warning');
  });

  it('is judged by the reserve that is set', async () => {
    expect(await setup.complaints({ ALLUVIUM_DISK_RESERVE_PERCENT: '1' }, disk(5_000 * MIB))).toEqual([]);
    expect((await setup.complaint({ ALLUVIUM_DISK_RESERVE_BYTES: '99GiB' }, disk(90_000 * MIB))).status).toBe(
      'problem',
    );
  });
});

describe('a scratch directory', () => {
  it('without room for a batch is a problem', async () => {
    const fileSystem = (path: string) => ({
      type: 0xef53,
      freeBytes: path === '/dev/shm' ? 300 * MIB : 9e12,
      totalBytes: 1e13,
    });
    expect(await setup.complaint({}, { fileSystem })).toMatchObject({
      check: 'scratch',
      status: 'problem',
      what: '300 MiB are free there, and up to 819 MiB are needed: inserts would fail.',
      mend: expect.stringContaining('ALLUVIUM_SCRATCH_DIR'),
    });
  });

  it('on the disk, since /dev/shm is small as in a container, is slower', async () => {
    const fileSystem = (path: string) => ({
      type: 0xef53,
      freeBytes: path === '/dev/shm' ? 64 * MIB : 9e12,
      totalBytes: 1e13,
    });
    expect(await setup.complaint({}, { fileSystem })).toMatchObject({
      status: 'warning',
      mend: expect.stringContaining('--shm-size'),
    });
  });

  it('that may not be written', async () => {
    const path = join(setup.folder, 'scratch');
    mkdirSync(path);
    const writeRefused = (each: string) => (each === path ? 'EACCES' : undefined);
    const found = await setup.complaints({ ALLUVIUM_SCRATCH_DIR: path }, { writeRefused });
    expect(found.map(({ check }) => check)).toContain('scratch');
  });
});
