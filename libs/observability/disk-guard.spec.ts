import { describe, expect, it } from 'vitest';
import { DiskGuard, type DiskReserve } from '#observability';

function guardOf(freeBytes: number, reserve: DiskReserve) {
  const disk = { freeBytes, totalBytes: 1_000, looks: 0, time: 0 };
  const guard = new DiskGuard({
    directory: 'data',
    reserve: () => reserve,
    now: () => disk.time,
    probe: async () => ((disk.looks += 1), { freeBytes: disk.freeBytes, totalBytes: disk.totalBytes }),
  });
  return { disk, guard };
}

describe('the disk guard', () => {
  it.each([
    [101, { bytes: 100, percent: 5 }, false],
    [100, { bytes: 100, percent: 5 }, true],
    [100, { bytes: 10, percent: 10 }, true],
    [100, { bytes: 10, percent: 9 }, false],
    [0, { bytes: 0, percent: 0 }, true],
  ])('with %i bytes free and the reserve %j is low: %s', async (free, reserve, low) => {
    expect((await guardOf(free, reserve).guard.state()).low).toBe(low);
  });

  it('looks at most once a second, however often it is asked', async () => {
    const { disk, guard } = guardOf(500, { bytes: 100, percent: 0 });
    await Promise.all([guard.state(), guard.state()]);
    disk.freeBytes = 50;
    disk.time = 999;
    expect((await guard.state()).low).toBe(false);
    expect(disk.looks).toBe(1);
    disk.time = 1_000;
    expect((await guard.state()).low).toBe(true);
  });

  it('is low, with the reason, where the space cannot be told', async () => {
    const probe = () => Promise.reject(new Error('no such directory'));
    const guard = new DiskGuard({ directory: 'gone', reserve: () => ({ bytes: 0, percent: 0 }), probe });
    expect(await guard.state()).toMatchObject({ low: true, error: 'no such directory' });
  });
});
