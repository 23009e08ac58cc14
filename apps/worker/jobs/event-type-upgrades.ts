import {
  Inject,
  Injectable,
  Optional,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Logger } from 'pino';
import { LOGGER } from '#observability';
import type { StreamSpec } from '#plugin-kit';
import { CopiesDue, StreamRegistry, TierRegistry } from '#storage-tier';
import { WorkerTurn } from '../seat/worker-turn.js';
import { WriterPool } from '../writers/writer-pool.js';
import { pause } from '../writers/pause.js';

/** Between two tries of what failed: milliseconds. */
const RETRY_AFTER_MS = 1_000;
/** Streams of other processes, and those made while a type changed, are found at the latest by then: milliseconds. */
const LOOK_AGAIN_MS = 60_000;

/**
 * Brings streams whose type has a new version to it: at the start, where an earlier process was broken off, and whenever
 * a type changes. One stream after the other, while its writer rests; until its tables are changed it is written and
 * searched as before.
 */
@Injectable()
export class EventTypeUpgrades implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #ended = new AbortController();
  #unwatch: () => void = () => undefined;
  #running: Promise<void> | undefined;
  #isWanted = false;
  #timer: NodeJS.Timeout | undefined;
  @Inject(CopiesDue) private readonly due!: Pick<CopiesDue, 'whileReplaced'>;
  /** Absent where one process is alone. */
  @Optional() @Inject(WorkerTurn) private readonly turn?: Pick<WorkerTurn, 'come'>;

  constructor(
    private readonly streams: StreamRegistry,
    private readonly tiers: TierRegistry,
    private readonly writers: WriterPool,
    @Inject(LOGGER) private readonly logger: Pick<Logger, 'info' | 'warn'>,
  ) {}

  /** Begins in the background, where another process has the turn when that is gone. */
  onApplicationBootstrap(): void {
    if (this.turn) void this.turn.come.then(() => this.#begin());
    else this.#begin();
  }

  #begin(): void {
    if (this.#ended.signal.aborted) return;
    this.#unwatch = this.streams.onTypeChange(() => this.#wake());
    this.#timer = setInterval(() => this.#wake(), LOOK_AGAIN_MS).unref();
    this.#wake();
  }

  /** Resolves when no table is being changed; idempotent. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#unwatch();
    clearInterval(this.#timer);
    this.#ended.abort();
    await this.#running;
  }

  #wake(): void {
    this.#isWanted = true;
    this.#running ??= this.#run().finally(() => (this.#running = undefined));
  }

  async #run(): Promise<void> {
    while (this.#isWanted && !this.#ended.signal.aborted) {
      this.#isWanted = false;
      if (await this.#upgradeAll()) continue;
      this.#isWanted = true;
      await pause(RETRY_AFTER_MS, this.#ended.signal).catch(() => undefined);
    }
  }

  /** @returns whether nothing is left to be tried again */
  async #upgradeAll(): Promise<boolean> {
    let isDone = true;
    try {
      for (const stream of await this.streams.outdated()) {
        if (this.#ended.signal.aborted) return true;
        isDone = (await this.#upgrade(stream)) && isDone;
      }
    } catch (error) {
      this.logger.warn({ err: error }, 'streams with a new version of their event type are looked for again');
      return false;
    }
    return isDone;
  }

  async #upgrade(stream: StreamSpec): Promise<boolean> {
    const { tenant, name, eventType } = stream;
    const { name: type, version } = eventType;
    const what = { tenant, stream: name, eventType: type, version };
    try {
      await this.writers.exclusively(stream, () => this.#change(stream));
      this.logger.info(what, 'the tables of a stream are of the new version of its event type');
      return true;
    } catch (error) {
      this.logger.warn({ ...what, err: error }, 'the tables of a stream are tried to be changed again');
      return false;
    }
  }

  /** What is stored has new fields then, in a copy too. */
  async #change(stream: StreamSpec): Promise<void> {
    const change = async (): Promise<void> => {
      await this.tiers.primary.prepare(stream);
      await this.streams.setTypeVersion(stream);
    };
    if (stream.storedIn !== 'both') return change();
    const units = await this.tiers.retaining.storedUnits(stream);
    await this.due.whileReplaced(stream, [...new Set(units.map(({ day }) => day))], change);
  }
}
