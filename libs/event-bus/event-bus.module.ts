import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { CATALOGUE, type Catalogue } from '#catalogue';
import { EventBusError } from './event-bus.errors.js';
import type { InspectableEventBus } from './event-bus.port.js';
import type { KafkaBusOptions, LaneHolding } from './kafka/kafka-options.js';

export type { LaneHolding } from './kafka/kafka-options.js';

/** Injects the {@link LaneHolding}, where one of several processes stores blocks. */
export const LANE_HOLDING = Symbol('LaneHolding');

/** Injects the {@link InspectableEventBus}. */
export const EVENT_BUS = Symbol('EventBus');

/** The brokers that carry blocks instead of the log in the directory, and how they are reached. */
export type KafkaConnection = Pick<KafkaBusOptions, 'brokers' | 'prefix' | 'tls' | 'sasl' | 'topic'>;

export interface EventBusOptions {
  /** Directory of the bus's own; made when missing. One process at a time may have it open. */
  readonly directory: string;
  readonly kafka?: KafkaConnection;
  /** Whether other processes have the topic too: what is done is kept in the catalogue then, from its module. */
  readonly shared?: boolean;
  /** Told of trouble with brokers that passes. */
  readonly log?: KafkaBusOptions['log'];
  /**
   * Marks a place where tests may end the process: `bus.before-commit`, `bus.after-commit` (of a publish),
   * `bus.before-remove`, `bus.after-remove` (of a consumer's commit).
   */
  readonly reach?: (faultPoint: string) => void;
}

/** Gives {@link EVENT_BUS} to every module; stops it last, when those that publish or commit at shutdown are done. */
@Module({})
export class EventBusModule implements OnApplicationShutdown {
  private readonly bus: InspectableEventBus;

  constructor(@Inject(EVENT_BUS) bus: InspectableEventBus) {
    this.bus = bus;
  }

  static register(options: EventBusOptions): DynamicModule {
    const provider = options.shared
      ? {
          provide: EVENT_BUS,
          inject: [CATALOGUE, { token: LANE_HOLDING, optional: true }],
          useFactory: (catalogue: Catalogue, holding?: LaneHolding) =>
            openBus(options, { catalogue, ...(holding && { holding }) }),
        }
      : { provide: EVENT_BUS, useFactory: () => openBus(options) };
    return { module: EventBusModule, global: true, providers: [provider], exports: [EVENT_BUS] };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.bus.stop();
  }
}

const LOG_FILE = 'data.mdb';

function openBus(
  { kafka, log, ...options }: EventBusOptions,
  shared: Pick<KafkaBusOptions, 'catalogue' | 'holding'> = {},
): Promise<InspectableEventBus> {
  const index = `${options.directory}-kafka`;
  refuseOther(
    kafka ? options.directory : index,
    kafka
      ? 'move the appliance with `alluvium migrate` (docs/guide/migrate.md), unset KAFKA_BROKERS'
      : 'set KAFKA_BROKERS to it again',
  );
  return kafka
    ? openKafka({
        ...{ ...options, ...kafka, directory: index },
        ...(log && { log }),
        ...shared,
      })
    : openEmbedded(options);
}

/** Counts, keys and what waits are with the one bus or the other; they are not moved. */
function refuseOther(directory: string, mend: string): void {
  if (!existsSync(join(directory, LOG_FILE))) return;
  throw new EventBusError(
    'other_bus',
    `The events of this data directory came over another event bus, as ${directory} says: ${mend}, or begin with another data directory.`,
  );
}

async function openEmbedded(options: EventBusOptions): Promise<InspectableEventBus> {
  const { LmdbEventBus } = await import('./lmdb/lmdb-event-bus.js');
  return LmdbEventBus.open(options);
}

async function openKafka(options: KafkaBusOptions): Promise<InspectableEventBus> {
  const { KafkaEventBus } = await import('./kafka/kafka-event-bus.js');
  return KafkaEventBus.open(options);
}
