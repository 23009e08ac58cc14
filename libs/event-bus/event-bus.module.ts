import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import type { InspectableEventBus } from './event-bus.port.js';

/** Injects the {@link InspectableEventBus}. */
export const EVENT_BUS = Symbol('EventBus');

export interface EventBusOptions {
  /** Directory of the bus's own; made when missing. One process at a time may have it open. */
  readonly directory: string;
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
    const provider = { provide: EVENT_BUS, useFactory: () => openEmbedded(options) };
    return { module: EventBusModule, global: true, providers: [provider], exports: [EVENT_BUS] };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.bus.stop();
  }
}

async function openEmbedded(options: EventBusOptions): Promise<InspectableEventBus> {
  const { LmdbEventBus } = await import('./lmdb/lmdb-event-bus.js');
  return LmdbEventBus.open(options);
}
