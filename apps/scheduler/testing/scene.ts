import { Registry } from 'prom-client';
import type { ArchiveStorage } from '#archive-storage';
import { MemoryStorage } from '#archive-storage/testing';
import { ArchivedUnits, DamagedObjects, RestoredStreams } from '#archived-units';
import { AuditRecord } from '#audit';
import type { RunTimeValues } from '#app-config';
import { MemoryCatalogue } from '#catalogue/testing';
import type { InspectableEventBus } from '#event-bus';
import {
  BlockOutcomes,
  Ledger,
  LedgerFolder,
  LedgerLines,
  LedgerWriter,
  QuarantineActions,
  Reconciler,
  ResidueMeter,
} from '#ledger';
import { RetentionHolds, RetentionRuns, type ClockState } from '#retention';
import {
  EventTypeRegistry,
  RestoredUnloading,
  StreamRegistry,
  TierRegistry,
  type StreamRecord,
} from '#storage-tier';
import { ArchiveScrubJob } from '../jobs/archive-scrub.js';
import { AuditUpkeepJob } from '../jobs/audit-upkeep.js';
import { DamageGauge } from '../jobs/damage-gauge.js';
import { ExpiryJob } from '../jobs/expiry.js';
import { LedgerReconciliationJob } from '../jobs/ledger-reconciliation.js';
import { QuarantineExpiryJob } from '../jobs/quarantine-expiry.js';
import { RestoredUpkeepJob } from '../jobs/restored-upkeep.js';
import { ResidueGauge } from '../jobs/residue-gauge.js';
import { FakeJobQueue } from './fake-job-queue.js';
import { FakeEventBus } from './fake-event-bus.js';
import { FakeTier } from './fake-tier.js';

const LOG = { name: 'log', title: '', description: '', fields: [], sortBy: [], rollUps: [], example: {} };

/** The jobs over a catalogue in memory, a bus and a tier that are moved by hand. */
export class Scene {
  readonly catalogue = new MemoryCatalogue();
  readonly bus = new FakeEventBus();
  readonly metrics = new Registry();
  readonly streams = new StreamRegistry(
    this.catalogue,
    new EventTypeRegistry(this.catalogue, new Map([['log', LOG]])),
  );
  readonly outcomes = new BlockOutcomes(this.catalogue);
  readonly writer = new LedgerWriter(this.catalogue);
  readonly tier = new FakeTier();
  /** Milliseconds since the epoch, for the audit record and the quarantine. */
  readonly clock = { ms: Date.parse('2026-01-02T03:04:05Z') };
  readonly audit = new AuditRecord({ catalogue: this.catalogue, now: () => this.clock.ms });
  /** What the audit's upkeep logged as an error. */
  readonly auditErrors: object[] = [];
  readonly auditUpkeep: AuditUpkeepJob;
  readonly expiry: ExpiryJob;
  readonly holds = new RetentionHolds(this.catalogue);
  readonly runs = new RetentionRuns(this.catalogue);
  clockState: ClockState = 'trusted';
  readonly actions = new QuarantineActions(this.catalogue);
  readonly quarantine: QuarantineExpiryJob;
  /** Objects of the archive by their keys. */
  readonly objects = new Map<string, Buffer>();
  readonly storage: ArchiveStorage = new MemoryStorage(this.objects);
  readonly archived = new ArchivedUnits(this.catalogue);
  readonly damaged = new DamagedObjects(this.catalogue);
  /** Bytes that a scrub reads back at once. */
  scrubBytes = 1_000;
  /** Ids of the keys of archives that are set. */
  readonly archiveKeys = new Set<string>();
  readonly scrub: ArchiveScrubJob;
  readonly restoredStreams = new RestoredStreams(this.catalogue);
  readonly restored: RestoredUpkeepJob;
  readonly reconciliation: LedgerReconciliationJob;
  readonly ledger: Ledger;

  constructor(readonly queue = new FakeJobQueue()) {
    const bus = this.bus as Partial<InspectableEventBus> as InspectableEventBus;
    const lines = new LedgerLines(this.catalogue, bus, async () => {});
    const gauge = new ResidueGauge(this.metrics, new ResidueMeter(lines, bus));
    const tiers = new TierRegistry([this.tier]);
    const reconciler = new Reconciler(this.catalogue, bus);
    this.ledger = new Ledger(lines);
    const log = { error: (facts: object) => this.auditErrors.push(facts), info: () => undefined };
    const settings = { current: { auditRetentionDays: 365, quarantineRetentionDays: 30 } as RunTimeValues };
    this.auditUpkeep = new AuditUpkeepJob(this.audit, this.runs, settings, log as never);
    this.expiry = new ExpiryJob(bus, this.outcomes, new LedgerFolder(this.catalogue, bus), this.streams);
    this.quarantine = new QuarantineExpiryJob({
      tier: () => tiers.quarantine,
      ...{ streams: this.streams, actions: this.actions, holds: this.holds, queue },
      clock: { look: async () => ({ state: this.clockState, now: this.clock.ms }) },
      settings: () => settings.current,
    });
    this.scrub = new ArchiveScrubJob({
      ...{ archived: this.archived, damaged: this.damaged, streams: this.streams, catalogue: this.catalogue },
      ...{ storage: this.storage, gauge: new DamageGauge(this.metrics) },
      ...{ bytesAtOnce: () => this.scrubBytes, logger: log, keys: { has: (id) => this.archiveKeys.has(id) } },
    });
    const [restored, streams] = [this.restoredStreams, this.streams];
    const unloading = new RestoredUnloading({ restored, streams, queue });
    this.restored = new RestoredUpkeepJob({ restored, queue, unloading });
    this.reconciliation = new LedgerReconciliationJob(this.streams, tiers, reconciler, gauge);
  }

  /** Passes events through bus and ledger of the tenant's stream `web`. */
  async pass(tenant: string, minute: number, stored: number): Promise<void> {
    await this.streams.findOrCreate({ tenant, name: 'web', eventType: 'log' });
    const place = { tenant, stream: 'web', source: 'agent', minute };
    this.bus.counts = [...this.bus.counts, { ...place, events: stored }];
    const none = { quarantined: 0, deduplicated: 0, dropped: 0 };
    await this.catalogue.write(
      await this.writer.changesFor(`${tenant}-${minute}`, [{ ...place, stored, ...none }]),
    );
  }

  /** Gives the tenant's stream `web` a type that nobody declares. */
  async loseType(tenant: string): Promise<void> {
    const id = `${tenant}/web`;
    const stored = await this.catalogue.read<StreamRecord>('streams', id);
    await this.catalogue.write([
      { collection: 'streams', id, value: { ...stored?.value, event_type: 'gone' } },
    ]);
  }

  /** The residue that the metrics show for a tenant. */
  async shownResidue(tenant: string): Promise<number | undefined> {
    const metric = await this.metrics.getSingleMetric('alluvium_ledger_residue_events')?.get();
    return metric?.values.find(({ labels }) => labels['tenant'] === tenant)?.value;
  }
}
