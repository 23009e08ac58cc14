import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DirectoryLock } from '#event-bus';
import { examine } from './examine.js';
import type { Finding } from './finding.js';
import type { Machine } from './machine/machine.js';
import { MODERN_FLAGS, testMachine } from './testing/test-machine.js';

const MIB = 2 ** 20;
const V2 = '/sys/fs/cgroup/memory.max';

let folder = '';
const ends: (() => unknown)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'alluvium-doctor-'));
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  rmSync(folder, { recursive: true });
});

type Parts = Partial<Machine> & { readonly files?: Readonly<Record<string, string>> };

/** Findings that are not fine, with the settings of a test's own folder. */
async function complaints(env: Readonly<Record<string, string>> = {}, parts: Parts = {}) {
  const findings = await examine(testMachine({ ...base(), ...env }, parts));
  return findings.filter(({ status }) => status !== 'ok');
}

const base = (): Record<string, string> => ({ ALLUVIUM_DATA_DIR: folder, ALLUVIUM_HTTP_PORT: '0' });

/** The one complaint there is. */
async function complaint(env: Readonly<Record<string, string>> = {}, parts: Parts = {}): Promise<Finding> {
  const found = await complaints(env, parts);
  expect(found.map(({ check, what }) => `${check}: ${what}`)).toHaveLength(1);
  return found[0]!;
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => new Promise((resolve) => server.close(resolve)));
  return String((server.address() as AddressInfo).port);
}

/** A server that answers as an Alluvium of this health would. */
function fakeAlluvium(
  status: string,
  details?: unknown,
  headers: Record<string, string> = {},
): Promise<string> {
  return listen(
    createHttpServer((request, response) => {
      const isLive = request.url === '/health/live';
      response.writeHead(200, headers);
      response.end(JSON.stringify(isLive ? { status: 'up' } : { status, details }));
    }),
  );
}

async function own(directory: string): Promise<void> {
  const lock = await DirectoryLock.acquire(directory);
  ends.push(() => lock.release());
}

it('has nothing to complain of where all is well, and changes nothing', async () => {
  writeFileSync(join(folder, 'file'), '');
  const findings = await examine(testMachine(base()));
  expect(findings.filter(({ status }) => status !== 'ok')).toEqual([]);
  expect(new Set(findings.map(({ check }) => check)).size).toBe(11);
  expect(readdirSync(folder)).toEqual(['file']);
});

describe('a port', () => {
  it('that another program has is named, whether it speaks HTTP or not', async () => {
    const port = await listen(createHttpServer((_, response) => void response.end('hello')));
    expect(await complaint({ ALLUVIUM_HTTP_PORT: port })).toMatchObject({
      check: 'port',
      status: 'problem',
      what: 'Another program listens there: its answer is not that of Alluvium.',
      where: `127.0.0.1:${port}`,
      mend: expect.stringContaining('ALLUVIUM_HTTP_PORT'),
    });
    const silent = await listen(createServer((socket) => void socket.resume().end('220 mail\r\n')));
    expect((await complaint({ ALLUVIUM_HTTP_PORT: silent })).what).toMatch(/does not answer as HTTP \(HPE_/);
  });

  it('that another Alluvium has is not its own', async () => {
    const port = await fakeAlluvium('up');
    expect((await complaint({ ALLUVIUM_HTTP_PORT: port })).what).toBe(
      'An Alluvium with another data directory listens there.',
    );
  });

  it('of an address that is none of this machine, or of no machine', async () => {
    const env = { ALLUVIUM_HTTP_PORT: '18080' };
    expect(await complaint({ ...env, ALLUVIUM_HTTP_HOST: '192.0.2.1' })).toMatchObject({
      what: 'The address is not one of this machine.',
      mend: expect.stringContaining('0.0.0.0'),
    });
    expect((await complaint({ ...env, ALLUVIUM_HTTP_HOST: 'no-such-host.invalid' })).what).toMatch(
      /^The name of the host (is not known|can not be looked up now)\.$/,
    );
  });
});

describe('a server that runs', () => {
  it('is told from a second one: it has the port and the directory', async () => {
    await own(folder);
    const port = await fakeAlluvium('up');
    const findings = await examine(testMachine({ ...base(), ALLUVIUM_HTTP_PORT: port }));
    expect(findings.filter(({ status }) => status !== 'ok')).toEqual([]);
    expect(findings.find(({ check }) => check === 'server')?.what).toBe('It runs, and takes events.');
  });

  it('that does not answer keeps a second one from the directory', async () => {
    await own(folder);
    expect(await complaint()).toMatchObject({
      check: 'data directory',
      status: 'problem',
      what: expect.stringMatching(
        new RegExp(`in use by process ${process.pid} on .*A second server would be refused`),
      ),
      mend: expect.stringContaining('ALLUVIUM_DATA_DIR'),
    });
    expect(readdirSync(folder)).toEqual(['owner.lock']);
  });

  it('is named with the parts that are not up', async () => {
    await own(folder);
    const details = { bus: { status: 'up' }, search: { status: 'degraded', error: 'gone' } };
    expect(await complaint({ ALLUVIUM_HTTP_PORT: await fakeAlluvium('degraded', details) })).toMatchObject({
      check: 'server',
      status: 'warning',
      what: expect.stringContaining('Not up: search {"status":"degraded","error":"gone"}.'),
    });
    const down = await complaint({ ALLUVIUM_HTTP_PORT: await fakeAlluvium('down') });
    expect([down.status, down.what]).toEqual(['problem', 'It runs, but takes no events now.']);
  });

  it('may have another clock', async () => {
    await own(folder);
    const date = new Date(Date.now() + 90_000).toUTCString();
    const found = await complaint({ ALLUVIUM_HTTP_PORT: await fakeAlluvium('up', {}, { date }) });
    expect([found.check, found.what]).toEqual([
      'clock',
      expect.stringMatching(/^The server's clock is (89|90) s ahead\.$/),
    ]);
  });
});

describe('a data directory', () => {
  it('that is a file, or lies below one', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    for (const path of [file, join(file, 'data')])
      expect(await complaint({ ALLUVIUM_DATA_DIR: path })).toMatchObject({
        check: 'data directory',
        status: 'problem',
        what: `${file} is a file, not a directory.`,
        mend: expect.stringContaining('ALLUVIUM_DATA_DIR'),
      });
  });

  it('whose directory above is missing may be a volume that is not mounted', async () => {
    const path = join(folder, 'volume/data');
    expect(await complaint({ ALLUVIUM_DATA_DIR: path })).toMatchObject({
      status: 'warning',
      what: `Neither it nor the directory above is there; the start would make it on the disk of ${folder}.`,
      where: path,
      mend: expect.stringContaining('mount it'),
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('that this user may not write, or may not make', async () => {
    const refuse = { writeRefused: (path: string) => (path === folder ? 'EACCES' : undefined), uid: 1000 };
    expect(await complaint({}, refuse)).toMatchObject({
      status: 'problem',
      what: expect.stringContaining('can not be written by user 1000 (EACCES)'),
      mend: `chown -R 1000 ${folder}, or start the server as the user that it belongs to.`,
    });
    const found = await complaint({ ALLUVIUM_DATA_DIR: join(folder, 'data') }, refuse);
    expect(found.what).toBe(
      `It is not there, and can not be made: ${folder} takes no writing by user 1000 (EACCES).`,
    );
  });

  it('on a disk that is read-only or full to the last byte', async () => {
    const found = async (code: string) =>
      (await complaint({}, { writeRefused: (path) => (path === folder ? code : undefined) })).what;
    expect([await found('EROFS'), await found('ENOSPC')]).toEqual([
      'Its disk is mounted read-only.',
      'Its disk is full.',
    ]);
  });

  it('with files of an earlier start by another user', async () => {
    mkdirSync(join(folder, 'bus'));
    writeFileSync(join(folder, 'bus/data.mdb'), '');
    const found = await complaint(
      {},
      { writeRefused: (path) => (path.endsWith('.mdb') ? 'EACCES' : undefined), uid: 1000 },
    );
    expect(found.what).toBe(
      `User 1000 can not read and write 1 files in it, such as ${join(folder, 'bus/data.mdb')}.`,
    );
    expect(found.mend).toContain(`chown -R 1000 ${folder}`);
  });

  it.each([
    [0x6969, 'NFS', 'Locks and memory maps over a network'],
    [-11317950, 'CIFS', 'over a network'],
    [0x01021994, 'tmpfs', 'gone when the machine starts anew'],
    [0x794c7630, 'overlay', 'gone with the container'],
  ])('on a file system 0x%s, %s', async (type, name, danger) => {
    const found = await complaint({}, { fileSystem: () => ({ type, freeBytes: 9e12, totalBytes: 1e13 }) });
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
    expect(await complaint({}, disk(5_000 * MIB))).toMatchObject({
      check: 'disk',
      status: 'problem',
      what: '4.88 GiB of 97.7 GiB are free, and 4.88 GiB are the reserve: every event would be refused with 503.',
      mend: expect.stringContaining('ALLUVIUM_DISK_RESERVE_PERCENT'),
    });
    expect((await complaint({}, disk(9_000 * MIB))).status).toBe('warning');
  });

  it('is judged by the reserve that is set', async () => {
    expect(await complaints({ ALLUVIUM_DISK_RESERVE_PERCENT: '1' }, disk(5_000 * MIB))).toEqual([]);
    expect((await complaint({ ALLUVIUM_DISK_RESERVE_BYTES: '99GiB' }, disk(90_000 * MIB))).status).toBe(
      'problem',
    );
  });
});

describe('memory', () => {
  it.each([
    [
      'problem',
      256,
      /^256 MiB may be used; the least is 512 MiB \(engine 192 MiB, Node 96 MiB, requests 48 MiB/,
    ],
    ['warning', 768, /^768 MiB may be used \(engine .*\): it works, but/],
  ])('is a %s with %d MiB of the control group', async (status, mebibytes, what) => {
    const found = await complaint({}, { files: { [V2]: `${mebibytes * MIB}\n` } });
    expect(found).toMatchObject({ check: 'memory', status, where: 'limit of the control group' });
    expect(found.what).toMatch(what);
    expect(found.mend).toContain('--memory=1g');
  });

  it('that is set higher than the control group has would end in a kill', async () => {
    const found = await complaint({ ALLUVIUM_MEMORY_LIMIT: '4GiB' }, { files: { [V2]: `${2_048 * MIB}\n` } });
    expect(found).toMatchObject({
      status: 'problem',
      what: 'The limit is set to 4 GiB, but only 2 GiB may be used: the process would be killed.',
    });
  });

  it('that other programs have is not there', async () => {
    const found = await complaint({}, { files: { '/proc/meminfo': 'MemAvailable: 300000 kB\n' } });
    expect(found.what).toBe('Only 293 MiB are available now: other programs have the rest.');
  });
});

describe('a scratch directory', () => {
  it('without room for a batch is a problem', async () => {
    const fileSystem = (path: string) => ({
      type: 0xef53,
      freeBytes: path === '/dev/shm' ? 300 * MIB : 9e12,
      totalBytes: 1e13,
    });
    expect(await complaint({}, { fileSystem })).toMatchObject({
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
    expect(await complaint({}, { fileSystem })).toMatchObject({
      status: 'warning',
      mend: expect.stringContaining('--shm-size'),
    });
  });

  it('that may not be written', async () => {
    const path = join(folder, 'scratch');
    mkdirSync(path);
    const writeRefused = (each: string) => (each === path ? 'EACCES' : undefined);
    const found = await complaints({ ALLUVIUM_SCRATCH_DIR: path }, { writeRefused });
    expect(found.map(({ check }) => check)).toContain('scratch');
  });
});

describe('a processor', () => {
  it('without AVX2 can not run the engine', async () => {
    const flags = MODERN_FLAGS.replace(' avx2', '').replace(' bmi2', '');
    expect(await complaint({}, { files: { '/proc/cpuinfo': `flags\t\t: ${flags}\n` } })).toMatchObject({
      check: 'processor',
      status: 'problem',
      what: expect.stringMatching(/^It lacks AVX2, BMI2, which the engine's library \(chDB\) was built for/),
      mend: expect.stringContaining('CPU type "host"'),
    });
  });

  it('of another kind has other names', async () => {
    const good = 'Features\t: fp asimd aes pmull sha1 sha2 crc32 atomics asimddp\n';
    const arm = { arch: 'arm64', files: { '/proc/cpuinfo': good } };
    const found = (await complaints({}, arm)).filter(({ check }) => check === 'processor');
    expect(found).toEqual([]);
    const old = { arch: 'arm64', files: { '/proc/cpuinfo': 'Features\t: fp asimd crc32\n' } };
    const [complained] = (await complaints({}, old)).filter(({ check }) => check === 'processor');
    expect(complained?.what).toContain('It lacks AES, PMULL, SHA1, SHA2, ATOMICS, ASIMDDP');
  });
});

describe('a platform', () => {
  it.each([
    ['an old Node', { nodeVersion: '20.11.1' }, 'Node.js is 20.11.1; the least is 20.19.'],
    ['Alpine', { glibc: undefined }, 'The C library is not glibc'],
    ['another processor', { arch: 'riscv64' }, 'There is no library of the engine (chDB) for it.'],
    [
      'libraries of another system',
      { platform: 'darwin', arch: 'arm64' },
      '@chdb/lib-darwin-arm64 is not installed',
    ],
  ])('with %s is a problem', async (_, parts, what) => {
    const found = await complaint({}, parts);
    expect(found).toMatchObject({
      check: 'platform',
      status: 'problem',
      what: expect.stringContaining(what),
    });
    expect(found.mend).not.toBe('');
  });

  it('with few threads, or without flock, is warned of', async () => {
    expect((await complaint({ UV_THREADPOOL_SIZE: '4' })).what).toContain('4 threads are shared');
    expect((await complaint({ PATH: '/nowhere' })).what).toContain('The tool flock is missing');
  });
});

it.each([
  ['4096', 'warning', '4096 files and connections may be open at once, but 12048 are needed'],
  ['512', 'problem', '512 files and connections may be open at once; the least is 1024.'],
])('a limit of %s open files is a %s', async (limit, status, what) => {
  const files = {
    '/proc/self/limits': `Max open files            256                 ${limit}                files\n`,
  };
  const found = await complaint({}, { files });
  expect(found).toMatchObject({ check: 'open files', status, what: expect.stringContaining(what) });
});

describe('a clock', () => {
  it('of another time is a problem', async () => {
    const found = await complaint({}, { wallMs: () => 0 });
    expect(found).toMatchObject({
      check: 'clock',
      status: 'problem',
      mend: expect.stringContaining('timedatectl'),
    });
    expect(found.what).toContain('1970-01-01T00:00:00.000Z');
  });

  it('that is moved meanwhile is warned of', async () => {
    let moved = 0;
    const found = await complaint({}, { wallMs: () => Date.now() + (moved += 1_000) });
    expect(found.what).toMatch(/^It was moved by \d{4} ms while it was looked at\.$/);
  });
});

describe('settings', () => {
  it('that are wrong are all listed, and the rest is looked at as far as they can be read', async () => {
    const port = await listen(createHttpServer((_, response) => void response.end('hello')));
    const found = await complaints({
      ALLUVIUM_HTTP_PROT: '80',
      ALLUVIUM_ROLES: 'api',
      ALLUVIUM_FLUSH_BYTES: 'much',
      ALLUVIUM_HTTP_PORT: port,
    });
    expect(found.map(({ check, where, mend }) => [check, where, mend])).toEqual([
      ['settings', 'ALLUVIUM_HTTP_PROT', 'Did you mean ALLUVIUM_HTTP_PORT?'],
      ['settings', 'ALLUVIUM_FLUSH_BYTES', expect.stringContaining('the default 32MiB')],
      ['settings', 'ALLUVIUM_ROLES', expect.stringContaining('api,worker,scheduler')],
      ['port', `127.0.0.1:${port}`, expect.any(String)],
    ]);
  });

  it('of a file that is no YAML, or has unknown keys', async () => {
    const file = join(folder, 'settings.yaml');
    writeFileSync(file, 'http: [');
    const [bad] = await complaints({ ALLUVIUM_CONFIG: file });
    expect(bad).toMatchObject({
      check: 'settings',
      where: `ALLUVIUM_CONFIG in ${file}`,
      what: expect.stringContaining('no YAML'),
    });
    writeFileSync(file, 'http: { prot: 80 }');
    expect(await complaint({ ALLUVIUM_CONFIG: file })).toMatchObject({
      where: `http.prot in ${file}`,
      mend: 'Did you mean http.port?',
    });
  });
});
