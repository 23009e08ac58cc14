import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { RunTimeSettings } from '#app-config';
import { EVENT_BUS, type InspectableEventBus } from '#event-bus';
import { DiskGuard, secondsUntilUsedUp, Trend, type DiskState } from '#observability';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
/** Between two looks at the disk for its growth a day. */
const SLOW_LOOK_MS = 5 * MINUTE_MS;

/** How much room is left, and for how long at the present rate. */
export interface Room {
  /** Bytes used up a second; negative where room is gained; undefined while it isn't known. */
  readonly growthPerSecond: number | undefined;
  /** Undefined where the room is not shrinking. */
  readonly secondsUntilFull: number | undefined;
}

export interface BacklogRoom extends Room {
  readonly limitBytes: number;
}

export interface DiskRoom extends Room {
  readonly state: DiskState;
  /** Bytes a day by which free space shrinks, from the last 24 hours; undefined in the first ten minutes. */
  readonly growthPerDay: number | undefined;
  /** Seconds that this is taken from. */
  readonly observedSeconds: number;
}

/** Watches the backlog and the disk, and says how long their room lasts. Full means: events are refused. */
@Injectable()
export class Headroom implements OnModuleInit, OnModuleDestroy {
  readonly #backlog = new Trend({ windowMs: 30 * SECOND_MS, leastMs: 5 * SECOND_MS });
  readonly #disk = new Trend({ windowMs: 10 * MINUTE_MS, leastMs: MINUTE_MS });
  readonly #diskOfDay = new Trend({ windowMs: 24 * HOUR_MS, leastMs: 10 * MINUTE_MS });
  #slowLookAt = -Infinity;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(EVENT_BUS) private readonly bus: InspectableEventBus,
    @Inject(DiskGuard) private readonly guard: DiskGuard,
    @Inject(RunTimeSettings) private readonly settings: RunTimeSettings,
  ) {}

  onModuleInit(): void {
    this.#timer = setInterval(() => void this.look(performance.now()), SECOND_MS);
    this.#timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
  }

  /** @param nowMs of a clock that never goes back */
  async look(nowMs: number): Promise<void> {
    this.#backlog.note(nowMs, this.bus.backlog().bytes);
    const { freeBytes, error } = await this.guard.state();
    if (error !== undefined) return;
    this.#disk.note(nowMs, -freeBytes);
    if (nowMs - this.#slowLookAt < SLOW_LOOK_MS) return;
    this.#slowLookAt = nowMs;
    this.#diskOfDay.note(nowMs, -freeBytes);
  }

  backlog(): BacklogRoom {
    const limitBytes = this.settings.current.backlogBytes;
    const growthPerSecond = this.#backlog.perSecond();
    const room = limitBytes - this.bus.backlog().bytes;
    return { limitBytes, growthPerSecond, secondsUntilFull: secondsUntilUsedUp(room, growthPerSecond) };
  }

  async disk(): Promise<DiskRoom> {
    const state = await this.guard.state();
    const growthPerSecond = this.#disk.perSecond();
    const aDay = this.#diskOfDay.perSecond();
    return {
      state,
      growthPerSecond,
      secondsUntilFull: secondsUntilUsedUp(state.freeBytes - state.reserveBytes, growthPerSecond),
      growthPerDay: aDay === undefined ? undefined : aDay * 86_400,
      observedSeconds: Math.floor(this.#diskOfDay.observedMs / SECOND_MS),
    };
  }
}
