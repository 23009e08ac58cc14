import type { Idempotency } from '../event-bus.port.js';
import type { ClusterIdentity } from './cluster-identity.js';
import type { LaneClaims } from './lanes.js';
import type { Reserved } from './shared/key-reservations.js';
import type { TopicState } from './topic.js';
import type { TopicIndex } from './topic-index.js';
import type { Waiting } from './waiting-blocks.js';

/** With whom this process shares the topic, and so where it stands what is done. */
export interface TopicSharing extends LaneClaims {
  /** Told what the brokers say of the topic, before the index is brought up to it. @throws where the topic is another's */
  begin(topic: TopicState): Promise<void>;
  /** Told when the index is up to the topic. */
  follow(): void;
  /** Resolves when the index has every block that anybody was told is durable. @throws EventBusError `bus_unavailable` */
  catchUp(): Promise<void>;
  /** How far a partition is read with records of a part of it, for the index. */
  marks(lane: number, first: number, end: number): ReadonlyMap<number, number>;
  /** Makes it durable that blocks need never be delivered again. */
  remove(gone: readonly Waiting[]): Promise<void>;
  /** Whether this process may write the request of a key that its index doesn't know. */
  reserve(idempotency: Idempotency): Promise<Reserved>;
  /** Told of keys whose requests were certainly not written. */
  release(keys: readonly string[]): Promise<void>;
  /** Forgets keys of requests that nobody may repeat any more. */
  expire(nowMs: number): Promise<void>;
  stop(): Promise<void>;
}

/** One process has the topic to itself: all that it knows is in its index. */
export class SoleOwner implements TopicSharing {
  readonly waits = false;

  constructor(
    private readonly index: TopicIndex,
    private readonly identity: ClusterIdentity,
  ) {}

  async begin(topic: TopicState): Promise<void> {
    this.identity.check(topic);
  }

  follow(): void {
    // Its own writes, and its own lanes, tell it all.
  }

  async catchUp(): Promise<void> {
    // Nobody else writes.
  }

  claim(): Promise<number> {
    return this.index.nextEpoch();
  }

  giveBack(): void {
    // There is nobody else.
  }

  marks(lane: number, _first: number, end: number): ReadonlyMap<number, number> {
    return new Map([[lane, end]]);
  }

  remove(gone: readonly Waiting[]): Promise<void> {
    return this.index.remove(gone);
  }

  async reserve(): Promise<Reserved> {
    return 'ours';
  }

  async release(): Promise<void> {
    // Nothing was reserved.
  }

  async expire(): Promise<void> {
    // The index has them all.
  }

  async stop(): Promise<void> {
    // It holds nothing of its own.
  }
}
