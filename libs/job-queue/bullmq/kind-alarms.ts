import { setTimeout as sleep } from 'node:timers/promises';
import { hasEnded, jobKey, type StoredJob } from '../records/stored-job.js';
import type { RedisPlace } from '../redis-place.js';
import { Alarms } from './alarms.js';
import type { JobRuns } from './job-runs.js';
import { RedisLink } from './redis-link.js';
import { keyPrefix, redisOptions } from './redis-options.js';
import type { SharedJobStore } from './shared-job-store.js';
import type { Timing } from './timing.js';

/** A Redis that is out must not keep the process from ending: milliseconds. */
const CLOSE_MS = 2_000;

/** Told of what is wrong with Redis, and with undefined that it is well again. */
export type Told = (problem: string | undefined) => void;

export interface KindAlarmsOptions {
  readonly redis: RedisPlace;
  readonly owner: string;
  readonly timing: Timing;
  readonly told: Told;
}

/** The alarms of all kinds, over one connection; set while Redis is fit for it, and made good for what it lost. */
export class KindAlarms {
  private readonly link: RedisLink;
  private readonly kinds = new Map<string, Alarms>();
  /** Kinds that this process runs, and how many at once. */
  private readonly wanted = new Map<string, number>();
  private readonly awake = new Set<string>();
  private readonly timer: NodeJS.Timeout;
  private restoring: Promise<void> | undefined;
  private closed = false;

  constructor(
    private readonly store: SharedJobStore,
    private readonly runs: JobRuns,
    private readonly options: KindAlarmsOptions,
  ) {
    const { redis, owner, timing, told } = options;
    const key = `${keyPrefix(redis)}:owner`;
    this.link = new RedisLink(redisOptions(redis), { key, owner }, { up: () => this.up(), down: told });
    this.timer = setInterval(
      () => void this.link.check().then(() => this.restore()),
      timing.restoreMs,
    ).unref();
  }

  get fault(): string | undefined {
    return this.link.fault;
  }

  /** Sets the alarm of a job soon. What is lost here, or kept from Redis while that is out, is made good by `restore`. */
  set(job: StoredJob | undefined): void {
    if (job) void this.setNow(job).catch(this.failed);
  }

  /** Wakes this process for jobs of a kind, as soon as Redis can be used. */
  wakeHere(kind: string, concurrency: number): void {
    this.wanted.set(kind, concurrency);
    if (this.fault === undefined) this.wake();
  }

  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.timer);
    const closing = Promise.all([...this.kinds.values()].map((alarms) => alarms.close()));
    await Promise.race([closing.catch(() => undefined), sleep(CLOSE_MS, undefined, { ref: false })]);
    this.link.close();
  }

  private up(): void {
    this.options.told(undefined);
    this.wake();
    void this.restore();
  }

  private wake(): void {
    for (const [kind, concurrency] of this.wanted) {
      if (this.awake.has(kind) || this.closed) continue;
      this.awake.add(kind);
      const keyOf = (id: string): string => jobKey({ kind, id });
      const wake = (id: string): Promise<number | undefined> => this.runs.runDue(keyOf(id));
      const peek = async (id: string): Promise<number | undefined> =>
        this.runs.waitOf(await this.store.read(keyOf(id)));
      this.of(kind).wakeHere({ wake, peek }, concurrency);
    }
  }

  /** Gives every job that has not ended its alarm, as far as Redis has not got it, and forgets old ones that have. */
  private restore(): Promise<void> {
    this.restoring ??= this.restoreNow()
      .catch(this.failed)
      .finally(() => (this.restoring = undefined));
    return this.restoring;
  }

  private async restoreNow(): Promise<void> {
    for await (const stored of this.store.all()) {
      if (this.fault !== undefined || this.closed) return;
      if (hasEnded(stored.value.state)) await this.store.forgetOld(stored, this.runs.now());
      else await this.setNow(stored.value);
    }
  }

  private async setNow(job: StoredJob): Promise<void> {
    const wait = this.runs.waitOf(job);
    if (wait === undefined || this.fault !== undefined || this.closed) return;
    await this.of(job.kind).set(job.id, wait);
  }

  private of(kind: string): Alarms {
    const { redis, timing } = this.options;
    const made = this.kinds.get(kind);
    if (made) return made;
    const { client } = this.link;
    const alarms = new Alarms(kind, { client, prefix: keyPrefix(redis), timing, failed: this.failed });
    this.kinds.set(kind, alarms);
    return alarms;
  }

  private readonly failed = (error: unknown): void => {
    if (!this.closed) this.link.failed(error);
  };
}
