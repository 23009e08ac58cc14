import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ArchiveStorageError, contentOfBytes } from '#archive-storage';
import type { ArchivedUnit, RestoredStream } from '#archived-units';
import type { RunningJob } from '#job-queue';
import type { ArchivedFiles, StreamPart, StoredUnit, StreamSpec } from '#plugin-kit';
import { RestoreJob } from './restore-job.js';

const TEXT = Buffer.from('parquet');
const { sha256 } = contentOfBytes(TEXT);
const eventType = {
  name: 'log',
  title: '',
  description: '',
  fields: [],
  rollUps: [],
  sortBy: [],
  example: {},
};
const OF = { tenant: 'acme', stream: 'back' };

let folder: string;
let stream: StreamSpec;
let restored: RestoredStream | undefined;
let there: StoredUnit[];
let room: number;
let hasPlace: boolean;
let done: string[];
let rebuilt: number[];
/** Its files are gone. */
let isGone: boolean;
/** What the archive has by now. */
let now: readonly ArchivedUnit[] | undefined;
let job: RestoreJob;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alluvium-restore-'));
  await writeFile(join(folder, 'a.parquet'), TEXT);
  [there, room, hasPlace, done, rebuilt] = [[], 1_000, true, [], []];
  [isGone, now] = [false, undefined];
  stream = { tenant: 'acme', name: 'back', eventType, keepRaw: 'when_needed', readOnly: 'restoring' };
  restored = {
    ...{ ...OF, state: 'restoring', original: 'web', place: 'old', begun_at: '', expires_at: '' },
    archive: { schemas: [{ columns: [], sorted_by: [] }], units: [1, 2, 3].map(unitOf) },
  };
  job = new RestoreJob({
    tier: () => ({
      storedUnits: async () => there,
      removeUnit: async ({ day, generation }: StreamPart) => {
        there = there.filter((one) => one.day !== day || one.generation !== generation);
        done.push(`took ${day}-${generation}`);
      },
      restoreUnit: async ({ day, generation }: StreamPart, { events }: ArchivedFiles) => {
        there.push({ day, generation, events, diskBytes: 1, oldest: 0n, newest: 0n });
        done.push(`put ${day}`);
      },
      checkRollUps: async () => there.map(({ day }) => day),
      rebuildRollUps: async (_stream: StreamSpec, day: number) => void rebuilt.push(day),
    }),
    streams: {
      find: async () => stream,
      markReadOnly: async (_tenant, _name, readOnly) => {
        stream = { ...stream, readOnly };
      },
    },
    readOnly: { remove: async () => void done.push('removed') },
    restored: {
      find: async () => restored,
      renew: async (_of, archive) => {
        if (restored?.state !== 'restoring') return false;
        restored = { ...restored, archive };
        return true;
      },
      finish: async () => {
        if (restored?.state !== 'restoring') return false;
        restored = { ...restored, state: 'restored' };
        return true;
      },
      forget: async () => void (restored = undefined),
    },
    archiveNow: { of: async () => now && { schemas: [], units: now } },
    places: {
      get: () =>
        hasPlace
          ? {
              storage: { get: () => Promise.reject(new Error()), list: async () => [] },
              objects: {
                hold: async ([file]) => {
                  if (isGone && file?.key === 'a.parquet')
                    throw new ArchiveStorageError('archive_object_missing', 'a.parquet is not there.');
                  const paths = new Map([[file?.key ?? '', join(folder, 'a.parquet')]]);
                  return { paths, release: () => void done.push('released') };
                },
              },
            }
          : undefined,
    },
    disk: async () => ({ freeBytes: room, reserveBytes: 10 }) as never,
    queue: { process: () => undefined },
    reach: () => undefined,
  });
});
afterEach(() => rm(folder, { recursive: true }));

function unitOf(day: number): ArchivedUnit {
  return {
    ...{ day: 20_260_100 + day, generation: 0, events: 3, oldest: '0', newest: '1', sources: [], schema: 0 },
    ...{ through: 'f'.repeat(32), manifest: { key: 'm', sha256: '' }, copied_at: '', state: 'evicted' },
    files: [{ key: 'a.parquet', bytes: TEXT.length, sha256, events: 3 }],
  };
}
const run = (signal = new AbortController().signal): Promise<void> =>
  job.run({ payload: OF, signal, progress: async () => {} } as Partial<RunningJob> as RunningJob);

describe('a restore', () => {
  it('puts each unit into the stream, mends its roll-ups, and shows it when all is there', async () => {
    await run();
    expect(done.filter((one) => one !== 'released')).toEqual([1, 2, 3].map((day) => `put 2026010${day}`));
    expect(done.filter((one) => one === 'released')).toHaveLength(3);
    expect([rebuilt.length, restored?.state, stream.readOnly]).toEqual([3, 'restored', 'restored']);
  });

  it('goes on behind the units that are there as a whole', async () => {
    const unit = { day: 20_260_101, generation: 0, diskBytes: 1, oldest: 0n, newest: 0n };
    there = [
      { ...unit, events: 3 },
      { ...unit, day: 20_260_102, events: 2 },
    ];
    await run();
    expect(done.filter((one) => one.startsWith('put'))).toEqual(['put 20260102', 'put 20260103']);
  });

  it('shows what a killed process had finished', async () => {
    restored = restored && { ...restored, state: 'restored' };
    await run();
    expect([done, stream.readOnly]).toEqual([[], 'restored']);
  });

  it('takes away what is to leave, and does nothing of what is forgotten', async () => {
    restored = restored && { ...restored, state: 'leaving' };
    await run();
    expect([done, restored]).toEqual([['removed'], undefined]);
    await run();
    expect(done).toEqual(['removed']);
  });

  it('stops between two units when it is cancelled', async () => {
    await expect(run(AbortSignal.abort())).rejects.toThrow(/aborted/);
    expect(done).toEqual([]);
  });

  it('waits for room on the disk', async () => {
    room = 11;
    await expect(run()).rejects.toMatchObject({ code: 'disk_full', retryable: true });
    room = 1_000;
    await run();
    expect(restored?.state).toBe('restored');
  });

  it('puts nothing of a file that is not what was archived, and lets go of it', async () => {
    await writeFile(join(folder, 'a.parquet'), 'PARQUET');
    await expect(run()).rejects.toMatchObject({ code: 'archive_object_damaged', retryable: false });
    expect(done).toEqual(['released']);
  });

  it('brings what has the events of merged units, and takes what was brought of those', async () => {
    const unit = { generation: 0, diskBytes: 1, oldest: 0n, newest: 0n, events: 3 };
    there = [1, 2].map((day) => ({ ...unit, day: 20_260_100 + day }));
    isGone = true;
    const files = [{ key: 'merged.parquet', bytes: TEXT.length, sha256, events: 9 }];
    now = [{ ...unitOf(1), generation: 4, events: 9, files }, unitOf(2)];
    await run();
    expect(done.filter((one) => one !== 'released')).toEqual(['took 20260101-0', 'put 20260101']);
    expect([restored?.state, restored?.archive.units.length]).toEqual(['restored', 2]);
  });

  it('fails where what is gone is in no other unit, and brings nothing more once it is to leave', async () => {
    isGone = true;
    await expect(run()).rejects.toMatchObject({ code: 'archive_object_missing' });
    now = [unitOf(2)];
    restored = restored && { ...restored, state: 'leaving' };
    await run();
    expect(done).toEqual(['removed']);
  });

  it('fails for good where its place is not set any more, or its stream is no such one', async () => {
    hasPlace = false;
    await expect(run()).rejects.toMatchObject({ code: 'archive_unreadable', retryable: false });
    stream = { ...stream, readOnly: 'attached' };
    await expect(run()).rejects.toMatchObject({ code: 'stream_unknown', retryable: false });
  });
});
