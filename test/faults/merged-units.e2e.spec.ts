import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RESTORE_JOB, restoreJobId, type RestoredStream } from '#archived-units';
import { runCommandLine } from '../support/command-line.js';
import { Appliance } from '../support/start-appliance.js';
import { ids, makeSmallFiles, mergeNow, passTrash } from './merge-through.js';
import { MoveRig, type Json } from './move-rig.js';

const DAY = '2025-06-01';
const ALL = { start_time: '2025-06-01T00:00:00Z', end_time: '2025-06-03T00:00:00Z' };

let folder: string;
let rig: MoveRig;
let events: number;
let before: readonly unknown[];
/** A day that has four small files in the archive. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alluvium-merged-'));
  const env = {
    ALLUVIUM_ARCHIVE_DIR: join(folder, 'archive'),
    ALLUVIUM_ARCHIVE_ATTACHABLE: `same=${join(folder, 'archive')}`,
    ALLUVIUM_BACKUP_DIR: join(folder, 'backups'),
  };
  rig = await MoveRig.start({ name: 'archive', folder: 'archives', env });
  await rig.totals.stop();
  events = await makeSmallFiles(rig);
  before = await ids(rig);
}, 120_000);
afterAll(async () => {
  await rig.dispose();
  await rm(folder, { recursive: true, force: true });
});

async function command(...args: readonly string[]): Promise<void> {
  const { code, stderr } = await runCommandLine(args, { server: rig.appliance });
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
}

/** The files with events of the archive, and their manifests. */
async function objects(): Promise<readonly string[]> {
  const names = await readdir(join(folder, 'archive'), { recursive: true });
  return names.filter((name) => /\.(parquet|json)$/.test(name)).map((name) => join(folder, 'archive', name));
}

/** Deletes what was merged: its time is over. */
async function forgetMerged(): Promise<void> {
  const { id: plan } = await rig.call('POST', 'retention/plan', {});
  // Nothing is deleted by a clock that nobody has said is right.
  await rig.call('POST', 'retention/apply', { plan, accept_clock: true });
  await rig.untilDone(plan);
  await passTrash(rig);
  await rig.call('DELETE', 'archives/trash');
  await expect.poll(async () => (await objects()).length, { timeout: 60_000 }).toBe(4);
}

/** Lets the hourly looks begin, as after an hour. */
async function lookAgain(kinds: readonly string[]): Promise<void> {
  await rig.changeCatalogue(async (catalogue) => {
    const ids = kinds.map((kind) => `${kind}:all-streams`);
    await catalogue.write(ids.map((id) => ({ collection: 'jobs', id, value: undefined })));
  });
}

async function idsOf(at: Appliance, stream: string): Promise<readonly unknown[]> {
  const answer = await fetch(`${at.url}/api/v1/logs`, {
    ...{ method: 'POST', body: JSON.stringify({ ...ALL, stream, limit: 100 }) },
    headers: { authorization: `Bearer ${at.adminKey}`, 'content-type': 'application/json' },
  });
  const { logs = [] } = (await answer.json()) as { readonly logs?: readonly Json[] };
  return logs.map(({ event_id: id }) => id).toSorted();
}

async function untilRestored(name: string): Promise<void> {
  const state = async (): Promise<unknown> => (await rig.call('GET', `archives/restored/${name}`))['state'];
  await expect.poll(state, { timeout: 60_000 }).toBe('restored');
}

/** What the catalogue has of a restored stream. */
async function restoredAs(name: string): Promise<RestoredStream> {
  let found: RestoredStream | undefined;
  await rig.changeCatalogue(async (catalogue) => {
    found = (await catalogue.read<RestoredStream>('restored-streams', `default/${name}`))?.value;
  });
  if (!found) throw new Error(`No stream "${name}" was restored.`);
  return found;
}

/** Lets the catalogue be as in the middle of a restore, whose first unit isn't there as a whole. */
async function breakOff({ archive, ...restored }: RestoredStream): Promise<void> {
  const id = `default/${restored.stream}`;
  const [first, ...others] = archive.units;
  const units = [...(first ? [{ ...first, events: first.events + 1 }] : []), ...others];
  await rig.changeCatalogue(async (catalogue) => {
    const stream = await catalogue.read<Json>('streams', id);
    await catalogue.write([
      {
        ...{ collection: 'restored-streams', id },
        value: { ...restored, state: 'restoring', archive: { ...archive, units } },
      },
      { collection: 'streams', id, value: { ...stream?.value, read_only: 'restoring' } },
      { collection: 'jobs', id: `${RESTORE_JOB}:${restoreJobId(restored)}`, value: undefined },
      { collection: 'jobs', id: 'archives.restored-upkeep:all-tenants', value: undefined },
    ]);
  });
}

it('who attached the archive before a merge finds every event, also when the files of before are gone, and a restore that began before it goes on', async () => {
  expect(before).toHaveLength(events);
  await rig.call('POST', 'archives/attach', { name: 'seen', place: 'same', stream: 'default' });
  expect(await idsOf(rig.appliance, 'seen')).toHaveLength(events);
  await rig.call('POST', 'archives/restore', { stream: 'default', name: 'half', ...ALL });
  await untilRestored('half');
  const asBefore = await restoredAs('half');
  await mergeNow(rig);
  expect(await idsOf(rig.appliance, 'seen')).toHaveLength(events);
  await forgetMerged();
  expect(await idsOf(rig.appliance, 'seen')).toHaveLength(events);
  expect(await rig.call('GET', 'archives/attached')).toMatchObject({
    attached: [{ name: 'seen', units: 2, events }],
  });

  // A restore that was broken off before the merge, with a day missing of those that it had brought.
  await breakOff(asBefore);
  await untilRestored('half');
  expect(await rig.call('GET', 'archives/restored/half')).toMatchObject({ units: 2, events });
  await expect.poll(async () => idsOf(rig.appliance, 'half'), { timeout: 60_000 }).toEqual(before);
  expect(await rig.call('GET', 'streams/half/roll-ups/check')).toMatchObject({ ok: true });
}, 240_000);

it('a merged day comes back out of a backup with the rows that it had, is restored to search, and a byte of it that flips is found', async () => {
  const backups = join(folder, 'backups');
  await command('backup', backups);
  await command('backup', 'verify', backups);
  await command('restore', backups, join(folder, 'elsewhere'));
  const restored = await Appliance.prepare({ dataDirectory: join(folder, 'elsewhere') });
  try {
    await restored.restart();
    expect(await idsOf(restored, 'default')).toEqual(before);
  } finally {
    await restored.stop();
  }

  await rig.call('POST', 'archives/restore', { stream: 'default', name: 'back', ...ALL });
  await untilRestored('back');
  expect(await rig.call('GET', 'archives/restored/back')).toMatchObject({ units: 2, events });
  // Questions find it a moment later.
  await expect
    .poll(async () => (await idsOf(rig.appliance, 'back')).length, { timeout: 60_000 })
    .toBe(events);
  expect(await rig.call('GET', 'streams/back/roll-ups/check')).toMatchObject({ ok: true });

  const file = (await objects()).find((name) => name.endsWith('.parquet') && name.includes('day=01')) ?? '';
  const bytes = await readFile(file);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
  await writeFile(file, bytes);
  await lookAgain(['archive.scrub']);
  const damaged = async (): Promise<unknown> =>
    (await rig.call('GET', 'retention/status'))['damaged_archives'];
  await expect
    .poll(damaged, { timeout: 60_000 })
    .toMatchObject([
      { stream: 'default', day: DAY, what: 'changed', key: expect.stringMatching(/\.parquet$/) },
    ]);
}, 240_000);
