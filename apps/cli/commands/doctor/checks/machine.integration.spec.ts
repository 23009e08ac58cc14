import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BrokenSetup } from '../testing/broken-setup.js';
import { MODERN_FLAGS } from '../testing/test-machine.js';

const MIB = 2 ** 20;
const V2 = '/sys/fs/cgroup/memory.max';

let setup: BrokenSetup;
beforeEach(() => {
  setup = new BrokenSetup();
});
afterEach(() => setup.dispose());

describe('memory', () => {
  it.each([
    [
      'problem',
      256,
      /^256 MiB may be used; the least is 512 MiB \(engine 192 MiB, Node 96 MiB, requests 48 MiB/,
    ],
    ['warning', 768, /^768 MiB may be used \(engine .*\): it works, but/],
  ])('is a %s with %d MiB of the control group', async (status, mebibytes, what) => {
    const found = await setup.complaint({}, { files: { [V2]: `${mebibytes * MIB}\n` } });
    expect(found).toMatchObject({ check: 'memory', status, where: 'limit of the control group' });
    expect(found.what).toMatch(what);
    expect(found.mend).toContain('--memory=1g');
  });

  it('that is set higher than the control group has would end in a kill', async () => {
    const found = await setup.complaint(
      { ALLUVIUM_MEMORY_LIMIT: '4GiB' },
      { files: { [V2]: `${2_048 * MIB}\n` } },
    );
    expect(found).toMatchObject({
      status: 'problem',
      what: 'The limit is set to 4 GiB, but only 2 GiB may be used: the process would be killed.',
    });
  });

  it('that other programs have is not there', async () => {
    const found = await setup.complaint({}, { files: { '/proc/meminfo': 'MemAvailable: 300000 kB\n' } });
    expect(found.what).toBe('Only 293 MiB are available now: other programs have the rest.');
  });
});

describe('a processor', () => {
  it('without AVX2 can not run the engine', async () => {
    const flags = MODERN_FLAGS.replace(' avx2', '').replace(' bmi2', '');
    expect(await setup.complaint({}, { files: { '/proc/cpuinfo': `flags\t\t: ${flags}\n` } })).toMatchObject({
      check: 'processor',
      status: 'problem',
      what: expect.stringMatching(/^It lacks AVX2, BMI2, which the engine's library \(chDB\) was built for/),
      mend: expect.stringContaining('CPU type "host"'),
    });
  });

  it('of another kind has other names', async () => {
    const good = 'Features\t: fp asimd aes pmull sha1 sha2 crc32 atomics asimddp\n';
    const arm = { arch: 'arm64', files: { '/proc/cpuinfo': good } };
    const found = (await setup.complaints({}, arm)).filter(({ check }) => check === 'processor');
    expect(found).toEqual([]);
    const old = { arch: 'arm64', files: { '/proc/cpuinfo': 'Features\t: fp asimd crc32\n' } };
    const [complained] = (await setup.complaints({}, old)).filter(({ check }) => check === 'processor');
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
    const found = await setup.complaint({}, parts);
    expect(found).toMatchObject({
      check: 'platform',
      status: 'problem',
      what: expect.stringContaining(what),
    });
    expect(found.mend).not.toBe('');
  });

  it('with few threads, or without flock, is warned of', async () => {
    expect((await setup.complaint({ UV_THREADPOOL_SIZE: '4' })).what).toContain('4 threads are shared');
    expect((await setup.complaint({ PATH: '/nowhere' })).what).toContain('The tool flock is missing');
  });
});

it.each([
  ['4096', 'warning', '4096 files and connections may be open at once, but 12048 are needed'],
  ['512', 'problem', '512 files and connections may be open at once; the least is 1024.'],
])('a limit of %s open files is a %s', async (limit, status, what) => {
  const files = {
    '/proc/self/limits': `Max open files            256                 ${limit}                files\n`,
  };
  const found = await setup.complaint({}, { files });
  expect(found).toMatchObject({ check: 'open files', status, what: expect.stringContaining(what) });
});

describe('a clock', () => {
  it('of another time is a problem', async () => {
    const found = await setup.complaint({}, { wallMs: () => 0 });
    expect(found).toMatchObject({
      check: 'clock',
      status: 'problem',
      mend: expect.stringContaining('timedatectl'),
    });
    expect(found.what).toContain('1970-01-01T00:00:00.000Z');
  });

  it('that is moved meanwhile is warned of', async () => {
    let moved = 0;
    const found = await setup.complaint({}, { wallMs: () => Date.now() + (moved += 5_000) });
    expect(found.what).toMatch(/^It was moved by \d{4} ms while it was looked at\.$/);
  });
});
