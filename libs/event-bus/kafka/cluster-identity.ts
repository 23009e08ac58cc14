import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EventBusError } from '../event-bus.errors.js';
import { groupOf, topicOf, type KafkaBusOptions } from './kafka-options.js';
import type { TopicState } from './topic.js';

/** Whose index it is: of which topic on which cluster, and who it is to them. */
interface Identity {
  readonly owner: string;
  readonly clusterId: string;
  readonly topic: string;
}

/** The file beside an index that says so. */
export class ClusterIdentity {
  private readonly path: string;
  private known: Identity | undefined;
  private readonly fresh = randomUUID();

  constructor(private readonly options: KafkaBusOptions) {
    this.path = join(options.directory, 'cluster.json');
    if (existsSync(this.path)) this.known = JSON.parse(readFileSync(this.path, 'utf8')) as Identity;
  }

  /** Stands in the metadata of the group's offsets. */
  get owner(): string {
    return this.known?.owner ?? this.fresh;
  }

  /** @throws EventBusError where the index is another topic's, or the topic another appliance's */
  check({ clusterId, owners }: TopicState): void {
    const topic = topicOf(this.options);
    const { known } = this;
    if (known && (known.clusterId !== clusterId || known.topic !== topic))
      throw refusal(
        `The events of this data directory are in the topic ${known.topic} of the cluster ${known.clusterId}, not in ${topic} of ${clusterId}: set KAFKA_BROKERS and KAFKA_TOPIC_PREFIX as they were, or begin with another data directory.`,
      );
    const others = [...owners].filter((owner) => owner !== '' && owner !== this.owner);
    if (others.length > 0)
      throw refusal(
        `Another data directory takes the events of the topic ${topic} (group ${groupOf(this.options)}): set KAFKA_TOPIC_PREFIX to a name of this appliance's own, or start with that data directory.`,
      );
    if (!known) this.keep({ owner: this.fresh, clusterId, topic });
  }

  private keep(identity: Identity): void {
    writeFileSync(`${this.path}.new`, JSON.stringify(identity), { flush: true });
    renameSync(`${this.path}.new`, this.path);
    this.known = identity;
  }
}

function refusal(message: string): EventBusError {
  return new EventBusError('bus_unavailable', message);
}
