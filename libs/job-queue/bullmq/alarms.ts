import { DelayedError, Queue, Worker, type Job } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Timing } from './timing.js';

/** Before each id, since a job's id in BullMQ can't be a number. */
const MARK = 'j.';
/** Milliseconds until a worker that could not ask Redis tries again. */
const RETRY_MS = 1_000;
/** An alarm that rings so much later than asked for is left alone. */
const SLACK_MS = 20;
const KEPT_MESSAGES = 100;

/** Whom alarms wake: the catalogue says what is to be done, Redis only that it may be time. */
export interface Woken {
  /** Does what is due of a job. Resolves with the milliseconds until it is to be woken for it again; undefined: never. */
  wake(id: string): Promise<number | undefined>;
  /** When to be woken for a job as it is now, as `wake` says it, without doing anything. */
  peek(id: string): Promise<number | undefined>;
}

export interface AlarmsOptions {
  readonly client: Redis;
  readonly prefix: string;
  readonly timing: Timing;
  /** Told of what goes wrong with Redis; what was lost by it is set again from the catalogue. */
  readonly failed: (error: Error) => void;
}

/**
 * An alarm clock in Redis for each job of a kind that has not ended: a job of BullMQ with nothing in it but its id. One
 * process at a time is woken for it; where that is gone, another.
 */
export class Alarms {
  private readonly queue: Queue;
  private worker: Worker | undefined;

  constructor(
    private readonly kind: string,
    private readonly options: AlarmsOptions,
  ) {
    this.queue = new Queue(kind, {
      ...this.base,
      defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
      streams: { events: { maxLen: KEPT_MESSAGES } },
    });
    this.queue.on('error', options.failed);
  }

  /** Sets the alarm of a job, anew where it has one that rings later or sooner. */
  async set(id: string, delayMs: number): Promise<void> {
    const delay = Math.max(0, Math.ceil(delayMs));
    const alarm = await this.queue.add('alarm', {}, { jobId: MARK + id, delay });
    // One that rings already is set again by whom it woke.
    await alarm.changeDelay(delay).catch(() => undefined);
  }

  /** Wakes this process too when alarms of this kind ring. */
  wakeHere(woken: Woken, concurrency: number): void {
    const { leaseMs, stalledMs } = this.options.timing;
    const worker = new Worker(this.kind, (job, token) => this.ring(woken, job, token), {
      ...this.base,
      ...{ concurrency, lockDuration: leaseMs, stalledInterval: stalledMs, runRetryDelay: RETRY_MS },
      // It is never given up by Redis: the catalogue counts the tries.
      maxStalledCount: Number.MAX_SAFE_INTEGER,
    });
    worker.on('error', this.options.failed);
    worker.on('completed', ({ id }) => void this.setAgain(woken, id).catch(this.options.failed));
    this.worker = worker;
  }

  /** Lets those that ring come to their end. */
  async close(): Promise<void> {
    await this.worker?.close();
    await this.queue.close();
  }

  private get base() {
    return { connection: this.options.client, prefix: this.options.prefix };
  }

  private async ring(woken: Woken, alarm: Job, token?: string): Promise<void> {
    const id = idOf(alarm.id);
    const again = id === undefined ? undefined : await woken.wake(id);
    if (again === undefined) return;
    const dueMs = Date.now() + again;
    try {
      await alarm.moveToDelayed(dueMs, token);
      await this.setAgain(woken, alarm.id, dueMs - SLACK_MS);
    } catch (error) {
      // Redis has lost the alarm meanwhile.
      this.options.failed(error as Error);
      await this.setAgain(woken, alarm.id).catch(this.options.failed);
    }
    throw new DelayedError();
  }

  /** What came between the last look at the job and its alarm being put away found the alarm ringing, and left it alone. */
  private async setAgain(woken: Woken, alarm: string | undefined, ifBeforeMs = Infinity): Promise<void> {
    const id = idOf(alarm);
    const wanted = id === undefined ? undefined : await woken.peek(id);
    if (id !== undefined && wanted !== undefined && Date.now() + wanted < ifBeforeMs)
      await this.set(id, wanted);
  }
}

function idOf(alarm: string | undefined): string | undefined {
  return alarm?.startsWith(MARK) ? alarm.slice(MARK.length) : undefined;
}
