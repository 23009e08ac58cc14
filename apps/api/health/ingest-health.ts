import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { EVENT_BUS, type InspectableEventBus } from '#event-bus';
import { HealthState, isAtLeast, type HealthReport } from '#observability';
import { TierRegistry } from '#storage-tier';
import { Headroom, type Room } from '../headroom/headroom.js';

/** Silence of a server is an outage of searches, not of the process: told before the probe's own patience ends. */
const SEARCH_PATIENCE_MS = 1_000;

/** Says whether events can be accepted: the bus and the disk decide; a search outage only degrades. */
@Injectable()
export class IngestHealth implements OnModuleInit {
  constructor(
    @Inject(HealthState) private readonly health: HealthState,
    @Inject(EVENT_BUS) private readonly bus: InspectableEventBus,
    @Inject(Headroom) private readonly headroom: Headroom,
    @Inject(TierRegistry) private readonly tiers: TierRegistry,
  ) {}

  onModuleInit(): void {
    this.health.register('bus', () => this.#bus());
    this.health.register('disk', () => this.#disk());
    this.health.register('search', () => this.#search());
  }

  async #bus(): Promise<HealthReport> {
    const { fault, readFault, corruptBlocks } = this.bus.status();
    const { ageMs, ...backlog } = this.bus.backlog();
    const room = this.headroom.backlog();
    const detail = {
      ...{ ...backlog, age_ms: ageMs, corrupt_blocks: corruptBlocks },
      ...{ limit_bytes: room.limitBytes, ...roomDetail(room) },
    };
    if (fault) return { status: 'down', detail: { ...detail, error: fault.message } };
    if (readFault) return { status: 'degraded', detail: { ...detail, error: readFault.message } };
    // Set aside, never lost silently: a person has to look at them.
    return { status: corruptBlocks > 0 ? 'degraded' : 'up', detail };
  }

  async #disk(): Promise<HealthReport> {
    const rooms = await this.headroom.disks();
    // Of the fullest, so that it says why.
    const room = rooms.reduce((a, b) => (isAtLeast(a.state.level, b.state.level) ? a : b));
    const { low, level, places, freeBytes, reserveBytes, usedPercent, error } = room.state;
    const detail = {
      ...{ level, places, used_percent: Math.round(usedPercent * 10) / 10 },
      free_bytes: freeBytes,
      reserve_bytes: reserveBytes,
      ...roomDetail(room),
      ...(error !== undefined && { error }),
    };
    if (low) return { status: 'down', detail };
    return { status: isAtLeast(level, 'low_refused') ? 'degraded' : 'up', detail };
  }

  async #search(): Promise<HealthReport> {
    try {
      const late = sleep(SEARCH_PATIENCE_MS, `No answer within ${SEARCH_PATIENCE_MS} ms.`, { ref: false });
      const error = await Promise.race([this.tiers.searchable.ping(), late]);
      return error === undefined ? { status: 'up' } : { status: 'degraded', detail: { error } };
    } catch (error) {
      return {
        status: 'degraded',
        detail: { error: error instanceof Error ? error.message : String(error) },
      };
    }
  }
}

/** Null: not known yet, or not shrinking. */
function roomDetail({ growthPerSecond, secondsUntilFull }: Room) {
  return {
    growth_bytes_per_second: growthPerSecond === undefined ? null : Math.round(growthPerSecond),
    seconds_until_full: secondsUntilFull ?? null,
  };
}
