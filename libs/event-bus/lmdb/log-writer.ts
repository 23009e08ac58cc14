import { EventBusError } from '../event-bus.errors.js';
import type { BusStores } from './bus-stores.js';
import { commitFault } from './commit-fault.js';

/** One change of the log. */
export interface LogWrite {
  /** Reads what the change depends on: `stores` show every earlier group, and nothing of this one. */
  prepare?(stores: BusStores): void;
  /** Queues puts and removes. Must not throw nor read: a group would be half queued. */
  apply(stores: BusStores): void;
  /** Called when the change is durable, in the order of the writes, before any caller hears of it. */
  durable(): void;
}

/** State that goes into every commit. */
export interface CommitCompanion {
  /** A new group begins and nothing is under way: what was not flushed before never happened. */
  begin(): void;
  /** Puts what the group changed. */
  flush(stores: BusStores): void;
}

interface WaitingWrite {
  readonly write: LogWrite;
  resolve(): void;
  reject(error: EventBusError): void;
}

const COMMIT = 'commit';
const PROBE_EVERY_MS = 1000;

/**
 * The only writer of the log: one durable commit at a time, in which all writes go that came during the one before. So
 * what a commit reads (keys, counts) can't change under it, and after a failed commit nothing else touches an
 * environment that LMDB gave up: it is closed and opened again, and what became of the commit is read from the file.
 */
export class LogWriter {
  private waiting: WaitingWrite[] = [];
  private running: Promise<void> | undefined;
  private probe: NodeJS.Timeout | undefined;
  private stopped = false;
  private commits: number;
  private failure: EventBusError | undefined;
  private current: BusStores;
  private readonly reopen: () => BusStores;
  private readonly companion: CommitCompanion;
  private readonly directory: string;

  constructor(stores: BusStores, reopen: () => BusStores, companion: CommitCompanion, directory: string) {
    this.current = stores;
    this.reopen = reopen;
    this.companion = companion;
    this.directory = directory;
    this.commits = stores.state.get(COMMIT)?.[0] ?? 0;
  }

  /** For reading. */
  get stores(): BusStores {
    return this.current;
  }

  /** Why writes are refused; cleared when a write on the reopened environment became durable. */
  get fault(): EventBusError | undefined {
    return this.failure;
  }

  /** Resolves when the write is durable. */
  submit(write: LogWrite): Promise<void> {
    const refusal = this.stopped ? stoppedError() : this.failure;
    if (refusal) return Promise.reject(refusal);
    return new Promise((resolve, reject) => {
      this.waiting.push({ write, resolve, reject });
      this.running ??= this.run();
    });
  }

  /** Finishes the writes under way and closes the log. Idempotent. */
  async stop(): Promise<void> {
    if (this.stopped) return this.running;
    this.stopped = true;
    clearTimeout(this.probe);
    this.running = (this.running ?? Promise.resolve()).then(() => this.current.close());
    await this.running;
  }

  private async run(): Promise<void> {
    while (this.waiting.length > 0 && !this.failure) {
      const group = this.waiting;
      this.waiting = [];
      await this.commitGroup(group);
    }
    const refusal = this.failure;
    if (refusal) for (const entry of this.waiting.splice(0)) entry.reject(refusal);
    if (!this.stopped) this.running = undefined;
  }

  private async commitGroup(group: readonly WaitingWrite[]): Promise<void> {
    try {
      await this.commit(group.map((entry) => entry.write));
    } catch (error) {
      const fault = await this.recover(error);
      if (fault) {
        for (const entry of group) entry.reject(fault);
        return;
      }
    }
    for (const entry of group) entry.write.durable();
    for (const entry of group) entry.resolve();
  }

  private async commit(writes: readonly LogWrite[]): Promise<void> {
    const stores = this.current;
    this.commits += 1;
    this.companion.begin();
    stores.refresh();
    for (const write of writes) write.prepare?.(stores);
    await stores.commit(() => {
      for (const write of writes) write.apply(stores);
      this.companion.flush(stores);
      void stores.state.put(COMMIT, [this.commits]);
    });
  }

  /**
   * The number of the last commit tells whether the failed one is in the file. If it is, one more durable commit on top
   * makes it certain. Returns the error for its callers otherwise.
   */
  private async recover(error: unknown): Promise<EventBusError | undefined> {
    const fault = await commitFault(error, this.directory);
    const failed = this.commits;
    try {
      await this.renew();
      if (this.commits < failed) return this.fail(fault);
      await this.commit([]);
      return undefined;
    } catch (cause) {
      return this.fail(unknownOutcome(this.directory, cause));
    }
  }

  private async renew(): Promise<void> {
    await this.current.close();
    this.current = this.reopen();
    this.commits = this.current.state.get(COMMIT)?.[0] ?? 0;
  }

  private fail(fault: EventBusError): EventBusError {
    this.failure = fault;
    if (!this.stopped) this.probe = setTimeout(() => (this.running ??= this.tryAgain()), PROBE_EVERY_MS);
    return fault;
  }

  private async tryAgain(): Promise<void> {
    try {
      await this.renew();
      await this.commit([]);
      this.failure = undefined;
    } catch (error) {
      this.fail(await commitFault(error, this.directory));
    }
    if (!this.stopped) this.running = undefined;
  }
}

/** What callers hear once the bus was told to stop. */
export function stoppedError(): EventBusError {
  return new EventBusError(
    'bus_unavailable',
    'The event bus is stopped; nothing was written. Send it again.',
  );
}

function unknownOutcome(directory: string, cause: unknown): EventBusError {
  const what = `A commit to the event bus in ${directory} failed and could not be read back`;
  return new EventBusError(
    'outcome_unknown',
    `${what}: check the disk, then send again with the same key.`,
    cause,
  );
}
