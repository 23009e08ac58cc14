import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { RunTimeSettings } from '#app-config';
import { ArchiveEncryption, NO_ENCRYPTION } from '#archive-encryption';
import { ARCHIVE_STORAGE, ArchiveStorageModule, contentOfBytes, type ArchiveStorage } from '#archive-storage';
import { ArchivedUnits, ArchivedUnitsModule, DamagedObjects } from '#archived-units';
import { AuditModule } from '#audit';
import { BackupWatch } from '#backup';
import { CATALOGUE, CatalogueModule, type Catalogue } from '#catalogue';
import { EVENT_BUS, EventBusModule, type InspectableEventBus } from '#event-bus';
import { createBlockIdGenerator, nowNs } from '#event-model';
import { JOB_QUEUE, JobQueueModule, type InspectableJobQueue } from '#job-queue';
import { LedgerModule } from '#ledger';
import { createLogger, LoggerModule, METRICS, MetricsModule } from '#observability';
import { ClockGuard, RetentionHolds, RetentionRuns, RetentionWatch } from '#retention';
import { EventTypeRegistry, StreamRegistry, TierRegistry } from '#storage-tier';
import { ArchiveScrubJob } from './jobs/archive-scrub.js';
import { SchedulerModule } from './scheduler.module.js';
import { FakeTier } from './testing/fake-tier.js';

const LOG = { name: 'log', title: '', description: '', fields: [], sortBy: [], rollUps: [], example: {} };
const streams = {
  provide: StreamRegistry,
  inject: [CATALOGUE],
  useFactory: (catalogue: Catalogue) =>
    new StreamRegistry(catalogue, new EventTypeRegistry(catalogue, new Map([['log', LOG]]))),
};

/** Stands in for the modules that open tiers and plugins, and for the settings. */
@Module({})
class FakeStorageModule {}

let directory = '';
const start = async () => {
  const settings = {
    provide: RunTimeSettings,
    useValue: { current: { auditRetentionDays: 400, quarantineRetentionDays: 30, archiveScrubBytes: 1_000 } },
  };
  const holds = { provide: RetentionHolds, useValue: { list: async () => [] } };
  const runs = { provide: RetentionRuns, useValue: { expire: async () => 0 } };
  const clock = { provide: ClockGuard, useValue: { look: async () => ({ state: 'doubted', now: 0 }) } };
  const watch = { provide: RetentionWatch, useValue: { run: async () => {} } };
  const backups = { provide: BackupWatch, useValue: { run: async () => {} } };
  const tiers = { provide: TierRegistry, useValue: new TierRegistry([new FakeTier()]) };
  const encryption = { provide: ArchiveEncryption, useValue: NO_ENCRYPTION };
  const providers = [streams, tiers, settings, watch, backups, holds, runs, clock, encryption];
  const storage = { module: FakeStorageModule, global: true, providers };
  const imports = [
    LoggerModule.forRoot(createLogger('fatal')),
    CatalogueModule.register({ directory: join(directory, 'catalogue') }),
    EventBusModule.register({ directory: join(directory, 'bus') }),
    JobQueueModule.register(),
    ArchiveStorageModule.register(
      { directory: join(directory, 'archives') },
      { directory: 'unused', maxBytes: 1 },
    ),
    ArchivedUnitsModule.register(),
    AuditModule.register(),
    LedgerModule.register({ secretFile: join(directory, 'receipts.secret') }),
    MetricsModule.forRoot(new Registry()),
    {
      ...storage,
      exports: providers.map(({ provide }) => provide),
    },
    SchedulerModule,
  ];
  const app = await Test.createTestingModule({ imports }).compile();
  await app.init();
  return { app, queue: app.get<InspectableJobQueue>(JOB_QUEUE), metrics: app.get<Registry>(METRICS) };
};
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'alluvium-scheduler-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

it('keeps its schedules over a restart, runs them, and shows in the metrics what the ledger finds', async () => {
  const first = await start();
  const kinds = async (queue: InspectableJobQueue) => (await queue.list()).map(({ kind }) => kind).sort();
  const expected = [
    ...['archive.compact', 'archive.holds', 'archive.scrub', 'archive.trash', 'archives.restored-upkeep'],
    ...['audit.upkeep', 'backup.watch', 'client-ids.expire', 'copies.reconcile'],
    ...['expiry', 'ledger.reconcile'],
    ...['quarantine.expire', 'retention.watch', 'roll-ups.check'],
  ];
  expect(await kinds(first.queue)).toEqual(expected);
  await first.app.get(StreamRegistry).findOrCreate({ tenant: 'acme', name: 'web', eventType: 'log' });
  const id = createBlockIdGenerator()();
  const place = { tenant: 'acme', stream: 'web', source: 'agent', format: 'ndjson' } as const;
  const block = { header: { id, ...place, receivedAt: nowNs(), count: 1 }, body: Buffer.from('{}\n') };
  await first.app.get<InspectableEventBus>(EVENT_BUS).publish([{ blocks: [block] }]);
  await first.app.close();

  const second = await start();
  expect(await kinds(second.queue)).toEqual(expected);
  const bus = second.app.get<InspectableEventBus>(EVENT_BUS);
  const losing = await bus.subscribe({
    onBlock: (delivery) => losing.commit([delivery]),
    onAssigned: () => {},
    onRevoked: () => {},
  });
  expect(await bus.whenCommitted([id], 5_000)).toBe(true);
  const shown = async (): Promise<string> => second.metrics.metrics();
  const lost = 'alluvium_ledger_residue_events{tenant="acme"} 1';
  await expect
    .poll(async () => (await second.queue.runNow('ledger.reconcile', 'all-streams')) && shown(), {
      timeout: 10_000,
    })
    .toContain(lost);
  await second.app.close();
});

it('finds what somebody changed in, and took out of, an archive on a disk', async () => {
  const { app } = await start();
  const of = { tenant: 'acme', stream: 'web' };
  await app.get(StreamRegistry).findOrCreate({ tenant: 'acme', name: 'web', eventType: 'log' });
  const put = async (name: string) => {
    const key = `tenant=acme/stream=web/year=2026/month=11/day=03/${name}`;
    const content = contentOfBytes(Buffer.from(`what ${name} was`));
    await app.get<ArchiveStorage>(ARCHIVE_STORAGE).put(key, content);
    return { key, bytes: content.bytes, sha256: content.sha256 };
  };
  const [file, { bytes: _, ...manifest }] = [await put('part-1.parquet'), await put('_manifest-1.json')];
  const copy = {
    ...{ day: 20_261_103, generation: 0, events: 1, oldest: '1', newest: '1', sources: [], through: 'ff' },
    ...{ manifest, files: [{ ...file, events: 1 }], copied_at: '2026-11-05T02:00:00.000Z' },
  };
  await app.get(ArchivedUnits).commit(of, copy, { columns: [], sorted_by: [] });
  const scrub = async () => {
    await app.get(ArchiveScrubJob).run(new AbortController().signal);
    return (await app.get(DamagedObjects).of(of)).map(({ key, what }) => [key, what]);
  };
  expect(await scrub()).toEqual([]);
  await app.get(ArchivedUnits).answer(of, { ...copy, manifest: manifest.key }, 'now');
  writeFileSync(join(directory, 'archives', file.key), 'WHAT part-1.parquet was');
  rmSync(join(directory, 'archives', manifest.key));
  expect(await scrub()).toEqual([
    [manifest.key, 'missing'],
    [file.key, 'changed'],
  ]);
  await app.close();
});
