import { setTimeout as pause } from 'node:timers/promises';
import { EventBusError } from '../event-bus.errors.js';
import type { BlockConsumer } from '../event-bus.port.js';
import { Lane, type LaneParts, type LaneReader } from './lane.js';
import type { BusRecord } from './records.js';
import type { TopicIndex } from './topic-index.js';

const AGAIN_MS = 1_000;

/** How partitions are taken, where processes share them. */
export interface LaneClaims {
  /** Whether a partition may be another process's for a while. */
  readonly waits: boolean;
  /**
   * Takes a partition for this process, which may have to wait for the one that had it; resolves with an epoch that no earlier
   * consumer had, or undefined where the signal was aborted before.
   */
  claim(lane: number, signal: AbortSignal): Promise<number | undefined>;
  /** Lets another process take it: nothing of it is at work here any more. */
  giveBack(lane: number): void;
}

/** Which partitions this process has, and the consumer that they are delivered to. */
export class Lanes {
  private readonly lanes = new Map<number, Lane>();
  private consumer: BlockConsumer | undefined;
  private assignment: readonly number[] = [];
  private handover: Promise<void> = Promise.resolve();
  /** Partitions that this process waits for. */
  private opening: Promise<unknown> = Promise.resolve();
  private lost = new AbortController();
  private hasPartitions: () => void = () => undefined;
  /** Resolves when a consumer has lanes for the first time. */
  readonly firstAssigned = new Promise<void>((resolve) => (this.hasPartitions = resolve));

  constructor(
    private readonly index: TopicIndex,
    private readonly reader: LaneReader,
    private readonly redeliverAfterMs: number,
    private readonly claims: LaneClaims,
  ) {}

  /** Whether a consumer has come. */
  get isWanted(): boolean {
    return this.consumer !== undefined;
  }

  /** Partitions that the group gave to this process: under a new epoch, also where it had them before. */
  assign(partitions: readonly number[]): Promise<void> {
    this.assignment = partitions;
    return this.hand(() => this.begin());
  }

  /** Another consumer takes over all of them. */
  give(consumer: BlockConsumer): Promise<void> {
    return this.hand(async () => {
      await this.revoke();
      this.consumer = consumer;
      await this.begin();
    });
  }

  /** Ends delivery to a consumer; its lanes stay its own. */
  async end(consumer: BlockConsumer): Promise<void> {
    await this.handover;
    if (this.consumer !== consumer) return;
    for (const lane of this.lanes.values()) await lane.end();
  }

  /** @throws EventBusError `fenced` where the consumer doesn't have all of these lanes any more */
  check(consumer: BlockConsumer, lanes: readonly string[]): void {
    const lost = lanes.find((lane) => this.consumer !== consumer || !this.lanes.has(Number(lane)));
    if (lost === undefined) return;
    const mend = 'stop this consumer; the blocks come to the other one.';
    throw new EventBusError('fenced', `Lane ${lost} belongs to a newer subscription: ${mend}`);
  }

  /** Records that were read of a partition; they wait for a handover that is under way. */
  async accept(lane: number, records: readonly BusRecord[], first: number, end: number): Promise<void> {
    await this.handover;
    this.lanes.get(lane)?.accept(records, first, end);
  }

  async stop(): Promise<void> {
    this.lost.abort();
    await this.handover;
    await this.opening;
    for (const lane of this.lanes.values()) await lane.end();
  }

  private hand(act: () => Promise<void>): Promise<void> {
    const handed = this.handover.then(act);
    this.handover = handed.catch(() => undefined);
    return handed;
  }

  private async begin(): Promise<void> {
    const { consumer } = this;
    if (!consumer) return;
    await this.revoke();
    this.lost = new AbortController();
    const { signal } = this.lost;
    // One that another process still has must not hold up the others.
    this.opening = Promise.all(this.assignment.map((number) => this.open(number, consumer, signal)));
    if (!this.claims.waits) await this.opening;
  }

  private async open(number: number, consumer: BlockConsumer, signal: AbortSignal): Promise<void> {
    const epoch = await this.claim(number, signal);
    if (epoch === undefined || signal.aborted) return this.claims.giveBack(number);
    const { index, reader, redeliverAfterMs } = this;
    const parts: LaneParts = { index, consumer, reader, redeliverAfterMs };
    const lane = new Lane(number, parts);
    this.lanes.set(number, lane);
    await consumer.onAssigned(String(number), epoch);
    lane.start();
    this.hasPartitions();
  }

  /** Whatever keeps a partition from being taken is gone at some time, or the group gives it to another process. */
  private async claim(lane: number, signal: AbortSignal): Promise<number | undefined> {
    while (!signal.aborted)
      try {
        return await this.claims.claim(lane, signal);
      } catch {
        await pause(AGAIN_MS, undefined, { signal }).catch(() => undefined);
      }
    return undefined;
  }

  private async revoke(): Promise<void> {
    this.lost.abort();
    await this.opening;
    const { consumer } = this;
    const revoking = [...this.lanes].map(async ([number, lane]) => {
      this.lanes.delete(number);
      // Its handler may wait for room that comes only when it hears of the end.
      void lane.end();
      await consumer?.onRevoked(String(number));
      this.claims.giveBack(number);
    });
    await Promise.all(revoking);
  }
}
