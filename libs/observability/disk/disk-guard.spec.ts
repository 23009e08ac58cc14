import { describe, expect, it } from 'vitest';
import { DiskGuard, type DiskReserve, type DiskRules, type DiskThresholds } from '#observability';

const NO_RESERVE = { bytes: 0, percent: 0 };
const THRESHOLDS: DiskThresholds = {
  ...{ warnAt: 70, refuseLowAt: 80, refuseNormalAt: 90, refuseAt: 95, resumeMargin: 2 },
};
const NEVER = { warnAt: 100, refuseLowAt: 100, refuseNormalAt: 100, refuseAt: 100, resumeMargin: 0 };

/** A disk of 1,000 bytes; time passes with each look. */
function guardOf(freeBytes: number, rules: Partial<DiskRules> = {}) {
  const disk = { freeBytes, looks: 0, time: 0 };
  const set = { reserve: NO_RESERVE, thresholds: THRESHOLDS, ...rules };
  const guard = new DiskGuard({
    places: [{ name: 'data', directory: 'data' }],
    rules: () => set,
    now: () => disk.time,
    probe: async () => {
      disk.looks += 1;
      return { device: 1, freeBytes: disk.freeBytes, usedBytes: 1_000 - disk.freeBytes, totalBytes: 1_000 };
    },
  });
  const levelAt = async (free: number) => {
    disk.freeBytes = free;
    disk.time += 1_000;
    return (await guard.state()).level;
  };
  return { disk, guard, levelAt, set };
}

describe('the reserve', () => {
  it.each<[number, DiskReserve, boolean]>([
    [101, { bytes: 100, percent: 5 }, false],
    [100, { bytes: 100, percent: 5 }, true],
    [100, { bytes: 10, percent: 10 }, true],
    [100, { bytes: 10, percent: 9 }, false],
    [0, NO_RESERVE, true],
  ])('with %i bytes free and the reserve %j is reached: %s', async (free, reserve, low) => {
    expect((await guardOf(free, { reserve, thresholds: NEVER }).guard.state()).low).toBe(low);
  });
});

describe('the level of a disk', () => {
  it('rises with its use, each at its threshold, and at the reserve to the last one', async () => {
    const { levelAt } = guardOf(1_000);
    const seen: string[] = [];
    for (const free of [301, 300, 201, 200, 101, 100, 51, 50]) seen.push(await levelAt(free));
    expect(seen).toEqual([
      ...['ok', 'warning', 'warning', 'low_refused', 'low_refused'],
      ...['normal_refused', 'normal_refused', 'refusing'],
    ]);
    const small = guardOf(1_000, { reserve: { bytes: 250, percent: 0 } });
    expect([await small.levelAt(251), await small.levelAt(250)]).toEqual(['warning', 'refusing']);
  });

  it('falls only with a margin, level by level', async () => {
    const { levelAt } = guardOf(1_000);
    const seen: string[] = [];
    for (const free of [50, 70, 71, 120, 121, 220, 221, 320, 321, 310]) seen.push(await levelAt(free));
    expect(seen).toEqual([
      ...['refusing', 'refusing', 'normal_refused', 'normal_refused', 'low_refused', 'low_refused'],
      ...['warning', 'warning', 'ok', 'ok'],
    ]);
  });

  it('follows thresholds that are changed at once, all of them at 70 % too', async () => {
    const { levelAt, set } = guardOf(1_000);
    expect(await levelAt(299)).toBe('warning');
    set.thresholds = { ...THRESHOLDS, refuseLowAt: 70, refuseNormalAt: 70, refuseAt: 70 };
    expect(await levelAt(299)).toBe('refusing');
  });
});

it('looks at most once a second, however often it is asked', async () => {
  const { disk, guard } = guardOf(500, { reserve: { bytes: 100, percent: 0 } });
  await Promise.all([guard.state(), guard.state()]);
  disk.freeBytes = 50;
  disk.time = 999;
  expect((await guard.state()).low).toBe(false);
  expect(disk.looks).toBe(1);
  disk.time = 1_000;
  expect((await guard.state()).low).toBe(true);
});

describe('several places', () => {
  const gone = Object.assign(new Error('no such directory'), { code: 'ENOENT' });
  const guard = (probes: Readonly<Record<string, () => Promise<{ device: number; freeBytes: number }>>>) =>
    new DiskGuard({
      places: [
        { name: 'data', directory: 'data' },
        ...['log', 'tier', 'catalogue'].map((name) => ({ name, directory: name })),
      ],
      rules: () => ({ reserve: NO_RESERVE, thresholds: THRESHOLDS }),
      probe: async (directory) => {
        const { device, freeBytes } = await (probes[directory] ?? (() => Promise.reject(gone)))();
        return { device, freeBytes, usedBytes: 100 - freeBytes, totalBytes: 100 };
      },
    });

  it('on one file system count once, those that are not there do not, and the fullest decides', async () => {
    const { data, fileSystems, worst } = await guard({
      data: async () => ({ device: 1, freeBytes: 90 }),
      log: async () => ({ device: 2, freeBytes: 15 }),
      tier: async () => ({ device: 1, freeBytes: 90 }),
    }).look();
    expect(fileSystems.map(({ places, level }) => [places, level])).toEqual([
      [['data', 'tier'], 'ok'],
      [['log'], 'low_refused'],
    ]);
    expect([data.usedPercent, worst.places]).toEqual([10, ['log']]);
  });

  it('that take no new events are told of, and refuse none', async () => {
    const places = [
      { name: 'data', directory: 'data' },
      { name: 'archive', directory: 'archive', watchedOnly: true },
    ] as const;
    const look = async (device: number) =>
      new DiskGuard({
        places: [...places],
        rules: () => ({ reserve: NO_RESERVE, thresholds: THRESHOLDS }),
        probe: async (directory) => {
          const freeBytes = directory === 'archive' || device === 1 ? 0 : 90;
          return {
            device: directory === 'data' ? 1 : device,
            freeBytes,
            usedBytes: 100 - freeBytes,
            totalBytes: 100,
          };
        },
      }).look();
    expect((await look(2)).worst).toMatchObject({ places: ['archive'], level: 'warning', low: false });
    expect((await look(1)).worst).toMatchObject({
      places: ['data', 'archive'],
      level: 'refusing',
      low: true,
    });
  });

  it('of which the data directory, or another one for another reason, can not be told refuse everything', async () => {
    const missing = await guard({}).look();
    expect(missing.data).toMatchObject({ low: true, level: 'refusing', error: 'no such directory' });
    const broken = await guard({
      data: async () => ({ device: 1, freeBytes: 90 }),
      tier: () => Promise.reject(new Error('input/output error')),
    }).look();
    expect([broken.data.low, broken.worst.places, broken.worst.error]).toEqual([
      ...[false, ['tier'], 'input/output error'],
    ]);
  });
});
