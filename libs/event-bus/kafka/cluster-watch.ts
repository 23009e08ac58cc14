import type { ITopicMetadata, Kafka } from 'kafkajs';
import type { BusCluster, ClusterBrokers } from '../event-bus.port.js';
import { topicOf, type KafkaBusOptions } from './kafka-options.js';
import { KeptAdmin } from './kept-admin.js';
import type { WaitingBlocks } from './waiting-blocks.js';

/** Between two looks. */
const LOOK_MS = 5_000;

type Partitions = readonly Pick<ITopicMetadata['partitions'][number], 'replicas' | 'isr'>[];

/** Looks at the brokers now and then, for metrics; nothing waits for it, and what it can't learn stays as it was. */
export class ClusterWatch {
  private seen: ClusterBrokers | undefined;
  private partitions: Partitions = [];
  private readonly admin: KeptAdmin;
  private readonly timer: NodeJS.Timeout;
  private looking: Promise<void> | undefined;

  constructor(
    kafka: Kafka,
    private readonly options: KafkaBusOptions,
  ) {
    this.admin = new KeptAdmin(kafka);
    this.look();
    this.timer = setInterval(() => this.look(), LOOK_MS);
    this.timer.unref();
  }

  /** How the brokers were some seconds ago, and what waits now in each of the topic's partitions. */
  cluster(partitions: number, waiting: Pick<WaitingBlocks, 'count'>): BusCluster {
    const lanes = Array.from({ length: partitions }, (_, lane) => lane);
    return {
      engine: 'kafka',
      waiting: new Map(lanes.map((lane) => [String(lane), waiting.count(lane)])),
      ...(this.seen && { brokers: this.seen }),
    };
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
    await this.admin.leave();
  }

  private look(): void {
    this.looking ??= this.ask()
      .catch(() => undefined)
      .finally(() => (this.looking = undefined));
  }

  private async ask(): Promise<void> {
    let alive: readonly number[] = [];
    try {
      await this.admin.ask(async (admin) => {
        alive = (await admin.describeCluster()).brokers.map(({ nodeId }) => nodeId);
        const { topics } = await admin.fetchTopicMetadata({ topics: [topicOf(this.options)] });
        this.partitions = topics[0]?.partitions ?? [];
      });
    } finally {
      this.seen = brokersOf(alive, this.partitions);
    }
  }
}

/** Counts the brokers: those that have a replica of the topic are known where they are not alive, too. */
export function brokersOf(alive: readonly number[], partitions: Partitions): ClusterBrokers {
  const known = new Set([...alive, ...partitions.flatMap(({ replicas }) => replicas)]);
  const behind = partitions.filter(({ replicas, isr }) => isr.length < replicas.length);
  return { alive: alive.length, known: known.size, partitionsOutOfSync: behind.length };
}
