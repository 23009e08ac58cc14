import type { Block, BlockHeader, BlockId } from '#event-model';
import type { EventBusError } from './event-bus.errors.js';

/**
 * Carries blocks from the processes that accept events to those that store them.
 *
 * Lifecycle: a bus is ready when its module hands it out. `publish` and `subscribe` may be called at any time before
 * `stop`. `stop` waits for publishes under way, ends subscriptions, is idempotent and legal before any other call.
 */
export interface EventBus {
  /**
   * Stores every batch durably, in the order given, and answers for each. Blocks of one lane are delivered in the
   * order in which they were published. Resolves only after the bytes would survive `kill -9` and power loss.
   *
   * Bodies are read until it settles and may be handed to the consumer as they are: never change them afterwards.
   *
   * @throws EventBusError `bus_unavailable` (retryable, nothing written), `bus_full` (retryable, nothing written: disk
   *   full), `outcome_unknown` (the write may or may not have happened: a network's answer is missing, or a disk failed
   *   in the middle of a commit and can't be read back).
   */
  publish(batches: readonly PublishBatch[]): Promise<readonly PublishOutcome[]>;

  /**
   * Starts delivering blocks that are not committed yet, oldest first within a lane, to this consumer. Returns once
   * the consumer is registered; delivery goes on in the background.
   */
  subscribe(consumer: BlockConsumer): Promise<Subscription>;

  stop(): Promise<void>;
}

/** Blocks that are written together or not at all: those of one request, or of requests that share blocks. */
export interface PublishBatch {
  readonly blocks: readonly Block[];
  /** Makes a repeat of the same request a no-op. */
  readonly idempotency?: Idempotency;
}

/** A client's `Idempotency-Key` with what must be remembered to answer a repeat. */
export interface Idempotency {
  /** Unique across tenants: `<tenant>/<key>`. */
  readonly key: string;
  /** SHA-256 of the decoded body and the target, hex. */
  readonly bodyHash: string;
  /** Opaque text that the repeat's answer is made from (a receipt). */
  readonly answer: string;
  /** When it may be forgotten: milliseconds since the epoch. */
  readonly expiresAt: number;
}

/**
 * `repeated`: the key is known, nothing of this batch was written; `bodyHash` tells whether it was the same request.
 * `refused`: nothing of this batch was written, whatever became of the others; the error says why.
 */
export type PublishOutcome =
  | { readonly kind: 'published' }
  | { readonly kind: 'refused'; readonly error: EventBusError }
  | { readonly kind: 'repeated'; readonly bodyHash: string; readonly answer: string };

/** A block handed to a consumer. */
export interface Delivery {
  readonly block: Block;
  /** Ordered part of the bus: always `0` on the embedded log, a topic's partition on Kafka. */
  readonly lane: string;
  /** Rises within a lane; opaque to consumers. */
  readonly position: number;
}

/** Receives blocks. One consumer group; each lane belongs to one consumer at a time. */
export interface BlockConsumer {
  /** Resolves when there is room for the next block of this lane. A rejection is delivered again after a pause. */
  onBlock(delivery: Delivery): Promise<void> | void;
  /** A lane is now ours under `epoch` (rises with every assignment); uncommitted blocks will come again. */
  onAssigned(lane: string, epoch: number): Promise<void> | void;
  /** A lane is no longer ours: finish or abandon its work; commits of the old epoch are refused. */
  onRevoked(lane: string): Promise<void> | void;
}

export interface Subscription {
  /**
   * Says that these blocks are stored for good and need never be delivered again. Durable when it resolves. Order does
   * not matter; a repeat is a no-op.
   *
   * @throws EventBusError `fenced` (another consumer owns the lane now; not retryable).
   */
  commit(deliveries: readonly Pick<Delivery, 'lane' | 'position' | 'block'>[]): Promise<void>;
  /**
   * Ends delivery; resolves when no handler runs any more, so let a handler that waits for room settle first. Commits
   * stay possible until another consumer subscribes or the bus stops. Idempotent.
   */
  stop(): Promise<void>;
}

/** A bus that can say how much is waiting. */
export interface InspectableEventBus extends EventBus {
  /** Whether the bus can take blocks now, and what it had to set aside. */
  status(): BusStatus;
  /** What is published and not committed. */
  backlog(): Backlog;
  /** Events in those of the blocks that are published and not committed yet; 0 when none is. */
  pendingEvents(blocks: readonly BlockId[]): number;
  /** Resolves when none of the blocks is pending any more; rejects never, resolves false after `timeoutMs`. */
  whenCommitted(blocks: readonly BlockId[], timeoutMs: number): Promise<boolean>;
  /**
   * How many events were accepted, by tenant, source and minute of acceptance; counted in the same transaction as the
   * blocks. Minutes are milliseconds since the epoch; both bounds inclusive.
   */
  received(fromMinute: number, toMinute: number): Promise<readonly ReceivedCount[]>;
  /** Events that are published and not committed, by tenant, source and minute. */
  pending(): Promise<readonly ReceivedCount[]>;
  /** Forgets idempotency keys that expired before `nowMs`, and received counts before `countsBeforeMinute`. */
  expire(nowMs: number, countsBeforeMinute: number): Promise<ExpiredCounts>;
}

/** A bus whose log is this machine's. */
export interface SavableEventBus extends InspectableEventBus {
  /**
   * Writes the log, as it is at one moment during the call, into an existing empty directory, from which it can be opened:
   * every block that was published before the call and not committed by that moment is in it. Publishing goes on meanwhile.
   *
   * @throws EventBusError `bus_unavailable` where the copy can't be written
   */
  saveTo(directory: string): Promise<void>;
}

/** Whether a bus can be saved by itself. */
export function isSavableBus(bus: InspectableEventBus): bus is SavableEventBus {
  return 'saveTo' in bus;
}

/** A bus that a cluster of servers carries. */
export interface ClusteredEventBus extends InspectableEventBus {
  /** How the cluster is, for metrics: as it was some seconds ago. Never waits for it. */
  cluster(): BusCluster;
}

/** Whether a bus is carried by servers. */
export function isClustered(bus: InspectableEventBus): bus is ClusteredEventBus {
  return 'cluster' in bus;
}

/** A block that was taken off the bus. */
export interface DoneBlock {
  readonly id: BlockId;
  readonly origin: Pick<BlockHeader, 'tenant' | 'stream'>;
  readonly events: number;
  readonly bytes: number;
}

/** A bus that several processes have. */
export interface FollowedEventBus extends InspectableEventBus {
  /** From now on the listener is told of blocks that other processes have taken off the bus. It must not throw. */
  whenDone(listener: (blocks: readonly DoneBlock[]) => void): void;
  /**
   * Resolves when this process knows of every block that any process had published before the call.
   *
   * @throws EventBusError `bus_unavailable` where that can't be learnt within seconds
   */
  catchUp(): Promise<void>;
}

/** Whether other processes may take blocks off the bus. */
export function isFollowed(bus: InspectableEventBus): bus is FollowedEventBus {
  return 'whenDone' in bus;
}

export interface BusCluster {
  /** What kind of server it is. */
  readonly engine: string;
  /** Records that are published and not committed, by lane; lanes without any, too. */
  readonly waiting: ReadonlyMap<string, number>;
  /** Undefined while nothing is known of them. */
  readonly brokers?: ClusterBrokers;
}

export interface ClusterBrokers {
  readonly alive: number;
  /** Those, and the dead ones that should have a part of what is published. */
  readonly known: number;
  /** Lanes that not all of their brokers have wholly. */
  readonly partitionsOutOfSync: number;
}

export interface BusStatus {
  /** Why nothing can be published at the moment; absent while the bus works. Clears by itself when the bus recovers. */
  readonly fault?: EventBusError;
  /** Why what is published is not read at the moment; it can still be published. Clears by itself. */
  readonly readFault?: EventBusError;
  /** Blocks that could not be read back and were set aside instead of being delivered, since the log exists. */
  readonly corruptBlocks: number;
}

export interface ExpiredCounts {
  readonly idempotencyKeys: number;
  readonly receivedCounts: number;
}

export interface Backlog {
  readonly blocks: number;
  /** Bytes of bodies and headers. */
  readonly bytes: number;
  readonly events: number;
  /** Milliseconds since the oldest waiting block was accepted; 0 when nothing waits. */
  readonly ageMs: number;
}

export interface ReceivedCount {
  readonly tenant: string;
  readonly stream: string;
  readonly source: string;
  /** Start of the minute: milliseconds since the epoch. */
  readonly minute: number;
  readonly events: number;
}
