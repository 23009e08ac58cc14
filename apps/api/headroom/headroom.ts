import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { RunTimeSettings } from '#app-config';
import { EVENT_BUS, type InspectableEventBus } from '#event-bus';
import { DiskGuard, secondsUntilUsedUp, Trend, type FileSystemState } from '#observability';
import { DiskTrend, type DiskForecast } from './disk-trend.js';

const SECOND_MS = 1_000;

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

/** A file system that holds data, and how long it lasts. */
export interface DiskRoom extends DiskForecast {
  readonly state: FileSystemState;
}

/** Watches the backlog and the disk, and says how long their room lasts. Full means: events are refused. */
@Injectable()
export class Headroom implements OnModuleInit, OnModuleDestroy {
  readonly #backlog = new Trend({ windowMs: 30 * SECOND_MS, leastMs: 5 * SECOND_MS });
  /** By what names a file system. */
  readonly #disks = new Map<string, DiskTrend>();
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
    for (const { directory, freeBytes, error } of (await this.guard.look()).fileSystems)
      if (error === undefined) this.#trendOf(directory).note(nowMs, freeBytes);
  }

  backlog(): BacklogRoom {
    const limitBytes = this.settings.current.backlogBytes;
    const growthPerSecond = this.#backlog.perSecond();
    const room = limitBytes - this.bus.backlog().bytes;
    return { limitBytes, growthPerSecond, secondsUntilFull: secondsUntilUsedUp(room, growthPerSecond) };
  }

  /** That of the data directory. */
  async disk(): Promise<DiskRoom> {
    const { data } = await this.guard.look();
    return this.#roomOf(data);
  }

  /** All file systems that hold data, that of the data directory first. */
  async disks(): Promise<readonly DiskRoom[]> {
    const { fileSystems } = await this.guard.look();
    return fileSystems.map((state) => this.#roomOf(state));
  }

  #roomOf(state: FileSystemState): DiskRoom {
    const room = state.freeBytes - state.refusingBytes;
    return { state, ...this.#trendOf(state.directory).forecast(room) };
  }

  #trendOf(directory: string): DiskTrend {
    const trend = this.#disks.get(directory) ?? new DiskTrend();
    this.#disks.set(directory, trend);
    return trend;
  }
}
