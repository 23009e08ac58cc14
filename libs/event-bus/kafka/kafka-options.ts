import type { Catalogue } from '#catalogue';
import type { KafkaCluster } from '#kafka-client';

/** Where the blocks are on Kafka, and how to get there. */
export interface KafkaBusOptions extends KafkaCluster {
  /** Directory of the bus's own for what is known of the topic; made when missing. One process at a time may have it open. */
  readonly directory: string;
  /** Names of the topic and of the groups begin with it. */
  readonly prefix: string;
  readonly topic: TopicOptions;
  /** Marks a place where tests may end the process; as in `EventBusOptions`. */
  readonly reach?: (faultPoint: string) => void;
  /** Milliseconds before a block that its consumer refused comes again. Default 1,000. */
  readonly redeliverAfterMs?: number;
  /** Milliseconds without a sign of life after which the brokers give a member's partitions to others. Default 10,000. */
  readonly sessionMs?: number;
  /** Milliseconds that a start waits for the brokers; it goes on without them. Default 10,000. */
  readonly startMs?: number;
  readonly log?: KafkaLog;
  /** Where it is kept what is done, where several processes have the topic; else the index knows. */
  readonly catalogue?: Catalogue;
  /** By what partitions are one process's at a time, where several store blocks; else the group alone says whose they are. */
  readonly holding?: LaneHolding;
}

/** The right to a partition, which outlasts the group's word while its last owner may still be at work. */
export interface LaneHolding {
  /** Resolves with whether this process has it, which may take for ever; false where the signal was aborted before. */
  take(lane: number, signal: AbortSignal): Promise<boolean>;
  /** Lets another process have it. Idempotent; made good later where that can't be said now. */
  release(lane: number): void;
}

/** How the topic is made where it is missing. */
export interface TopicOptions {
  /** False: it has to be there. */
  readonly create: boolean;
  readonly partitions: number;
  /** Undefined: 3, or as many as there are brokers. */
  readonly replicas?: number;
  readonly retentionMs: number;
}

/** What the bus tells of trouble that passes. */
export interface KafkaLog {
  warn(detail: object, message: string): void;
}

/** The topic of the blocks. */
export function topicOf({ prefix }: Pick<KafkaBusOptions, 'prefix'>): string {
  return `${prefix}.blocks`;
}

/** The group of those that store blocks in the search tier. */
export function groupOf({ prefix }: Pick<KafkaBusOptions, 'prefix'>): string {
  return `${prefix}.search`;
}
