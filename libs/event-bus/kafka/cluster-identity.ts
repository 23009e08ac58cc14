import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EventBusError } from '../event-bus.errors.js';
import { groupOf, topicOf, type KafkaBusOptions } from './kafka-options.js';
import type { ApplianceName } from './shared/lane-records.js';
import type { TopicState } from './topic.js';

/** Whose index it is: of which topic on which cluster, and who it is to them. */
interface Identity {
  readonly owner: string;
  readonly clusterId: string;
  readonly topic: string;
  /** The name of the appliance, where it is several processes. */
  readonly appliance?: string;
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

  /** By what this process is known to the brokers. */
  get owner(): string {
    return this.known?.owner ?? this.fresh;
  }

  /** Stands in the metadata of the group's offsets. */
  get group(): string {
    return this.known?.appliance ?? this.owner;
  }

  /** @throws EventBusError where the index is another topic's, or the topic another appliance's */
  check(state: TopicState): void {
    if (this.known?.appliance !== undefined)
      throw refusal(
        'This data directory is of one of several processes: set ALLUVIUM_ROLES as it was, or begin with another data directory.',
      );
    this.refuseOther(state, [this.owner]);
    if (!this.known)
      this.keep({ owner: this.fresh, clusterId: state.clusterId, topic: topicOf(this.options) });
  }

  /**
   * The same for one of several processes.
   *
   * @returns whether this process had the topic to itself before, so that its index has to tell the others
   */
  checkShared(state: TopicState, { owner, former = '' }: ApplianceName): boolean {
    const wasAlone = this.known !== undefined && this.known.appliance === undefined;
    this.refuseOther(state, [owner, former, ...(wasAlone ? [this.owner] : [])]);
    return wasAlone;
  }

  /** Becomes one of the processes of an appliance. */
  join({ clusterId }: TopicState, appliance: string): void {
    if (this.known?.appliance === appliance) return;
    this.keep({ owner: this.owner, clusterId, topic: topicOf(this.options), appliance });
  }

  private refuseOther({ clusterId, owners }: TopicState, ours: readonly string[]): void {
    const topic = topicOf(this.options);
    const { known } = this;
    if (known && (known.clusterId !== clusterId || known.topic !== topic))
      throw refusal(
        `The events of this data directory are in the topic ${known.topic} of the cluster ${known.clusterId}, not in ${topic} of ${clusterId}: set KAFKA_BROKERS and KAFKA_TOPIC_PREFIX as they were, or begin with another data directory.`,
      );
    const others = [...owners].filter((owner) => owner !== '' && !ours.includes(owner));
    if (others.length > 0)
      throw refusal(
        `Another data directory takes the events of the topic ${topic} (group ${groupOf(this.options)}): set KAFKA_TOPIC_PREFIX to a name of this appliance's own, or start with that data directory.`,
      );
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
