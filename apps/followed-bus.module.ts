import { Inject, Module, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Logger } from 'pino';
import { EVENT_BUS, isFollowed, type DoneBlock, type InspectableEventBus } from '#event-bus';
import { LOGGER } from '#observability';
import { STORED_NOTICES, StreamRegistry, type StoredNotices } from '#storage-tier';

const HOUR_MS = 3_600_000;
/** The scheduler has summed up minutes of the ledger before they are so old. */
const COUNTS_KEPT_MS = 40 * 24 * HOUR_MS;

/**
 * What a process needs that has a bus with others: its live tails hear of blocks that another one has stored, and its own
 * index of the bus forgets what is over. Needs the bus, the notices and the streams from global modules.
 */
@Module({})
export class FollowedBusModule implements OnModuleInit, OnModuleDestroy {
  #upkeep: NodeJS.Timeout | undefined;

  constructor(
    @Inject(EVENT_BUS) private readonly bus: InspectableEventBus,
    @Inject(STORED_NOTICES) private readonly notices: StoredNotices,
    @Inject(StreamRegistry) private readonly streams: StreamRegistry,
    @Inject(LOGGER) private readonly logger: Pick<Logger, 'warn'>,
  ) {}

  onModuleInit(): void {
    const missed = (error: unknown): void =>
      this.logger.warn({ err: error }, 'live tails miss what was stored just now');
    if (isFollowed(this.bus)) this.bus.whenDone((blocks) => void this.#tell(blocks).catch(missed));
    this.#upkeep = setInterval(() => void this.#expire(), HOUR_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.#upkeep);
  }

  async #tell(blocks: readonly DoneBlock[]): Promise<void> {
    for (const origin of new Set(blocks.map((block) => block.origin))) {
      const stream = await this.streams.find(origin.tenant, origin.stream);
      const stored = blocks.filter((block) => block.origin === origin);
      const told = stored.map(({ id, events, bytes }) => ({ id, count: events, bytes }));
      if (stream) this.notices.tell({ stream, blocks: told });
    }
  }

  async #expire(): Promise<void> {
    try {
      await this.bus.expire(Date.now(), Date.now() - COUNTS_KEPT_MS);
    } catch (error) {
      this.logger.warn({ err: error }, 'the index of the bus is tidied up later');
    }
  }
}
