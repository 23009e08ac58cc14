import { Inject, Injectable } from '@nestjs/common';
import { Gauge, type Registry } from 'prom-client';
import { CATALOGUE, catalogueStatus, type CatalogueStatus } from '#catalogue';
import { EVENT_BUS, isClustered, type BusCluster, type InspectableEventBus } from '#event-bus';
import { JOB_QUEUE, type InspectableJobQueue } from '#job-queue';
import { METRICS } from '#observability';

/** Gauges that are read when they are collected; without a value where what they tell of is not in use. */
@Injectable()
export class EngineMetrics {
  constructor(
    @Inject(METRICS) private readonly registry: Registry,
    @Inject(EVENT_BUS) private readonly bus: InspectableEventBus,
    @Inject(JOB_QUEUE) private readonly queue: Pick<InspectableJobQueue, 'status'>,
    @Inject(CATALOGUE) private readonly catalogue: object,
  ) {
    this.#addUp();
    this.#addLag();
    this.#addBrokers();
    this.#addMembers();
    this.#addReplicationLag();
  }

  #addUp(): void {
    const { bus, queue, catalogue } = this;
    void new Gauge({
      name: 'alluvium_engine_up',
      help: 'Whether a server that carries events, starts jobs or keeps the catalogue can be worked with: 1, else 0.',
      labelNames: ['engine'],
      registers: [this.registry],
      collect(this: Gauge<'engine'>) {
        this.reset();
        const { fault: busFault, readFault } = bus.status();
        if (isClustered(bus)) this.set({ engine: bus.cluster().engine }, (busFault ?? readFault) ? 0 : 1);
        const { engine, fault } = queue.status();
        if (engine !== undefined) this.set({ engine }, fault === undefined ? 1 : 0);
        const kept = catalogueStatus(catalogue);
        if (kept) this.set({ engine: kept.engine }, kept.fault === undefined ? 1 : 0);
      },
    });
  }

  #addLag(): void {
    const { bus } = this;
    void new Gauge({
      name: 'alluvium_kafka_consumer_lag_records',
      help: 'Records (blocks of events) of a partition that are not stored yet.',
      labelNames: ['partition'],
      registers: [this.registry],
      collect(this: Gauge<'partition'>) {
        this.reset();
        if (!isClustered(bus)) return;
        for (const [partition, records] of bus.cluster().waiting) this.set({ partition }, records);
      },
    });
  }

  #addBrokers(): void {
    const { bus } = this;
    const gauge = (
      name: string,
      help: string,
      read: (of: NonNullable<BusCluster['brokers']>) => number,
    ): void => {
      void new Gauge({
        name: `alluvium_kafka_${name}`,
        help,
        // Without a label a gauge is 0 until it is set, which none of these may say.
        labelNames: ['engine'],
        registers: [this.registry],
        collect(this: Gauge<'engine'>) {
          this.reset();
          const cluster = isClustered(bus) ? bus.cluster() : undefined;
          if (cluster?.brokers) this.set({ engine: cluster.engine }, read(cluster.brokers));
        },
      });
    };
    gauge('brokers_alive', 'Brokers that are alive, as the others say.', ({ alive }) => alive);
    gauge('brokers_known', 'Brokers that are alive or have a replica of the topic.', ({ known }) => known);
    gauge(
      'partitions_out_of_sync',
      'Partitions of the topic of which some replica is behind.',
      ({ partitionsOutOfSync }) => partitionsOutOfSync,
    );
  }

  #addMembers(): void {
    const { catalogue } = this;
    const gauge = (name: keyof CatalogueStatus['members'], help: string): void => {
      void new Gauge({
        name: `alluvium_mongodb_members_${name}`,
        help,
        labelNames: ['engine'],
        registers: [this.registry],
        collect(this: Gauge<'engine'>) {
          this.reset();
          const kept = catalogueStatus(catalogue);
          if (kept) this.set({ engine: kept.engine }, kept.members[name]);
        },
      });
    };
    gauge('alive', 'Members of the replica set of the catalogue that answer.');
    gauge('known', 'Members that it has.');
  }

  #addReplicationLag(): void {
    const { catalogue } = this;
    void new Gauge({
      name: 'alluvium_mongodb_replication_lag_seconds',
      help: 'How far a secondary of the replica set of the catalogue is behind the primary.',
      labelNames: ['member'],
      registers: [this.registry],
      collect(this: Gauge<'member'>) {
        this.reset();
        for (const [member, seconds] of catalogueStatus(catalogue)?.lag ?? []) this.set({ member }, seconds);
      },
    });
  }
}
