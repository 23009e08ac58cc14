import kafkajs, { type Admin, type ITopicMetadata, type Kafka } from 'kafkajs';
import { EventBusError } from '../event-bus.errors.js';
import type { LanesRead } from './lanes-read.js';
import { groupOf, topicOf, type KafkaBusOptions, type TopicOptions } from './kafka-options.js';

/** Bytes of one batch of records, as they travel. */
const MESSAGE_MAX_BYTES = 8 * 1024 * 1024;
/** Least that a topic must take: one of ours has 4 MiB before it is packed. */
const LEAST_MESSAGE_BYTES = 5 * 1024 * 1024;
const MOST_REPLICAS = 3;

/** What the brokers say of the topic. */
export interface TopicState {
  readonly clusterId: string;
  readonly partitions: number;
  /** The first offset that is still there, and the one behind the last, by partition. */
  readonly low: ReadonlyMap<number, number>;
  readonly end: ReadonlyMap<number, number>;
  /** What committed offsets of our group say about whose they are. */
  readonly owners: ReadonlySet<string>;
}

/** Makes the topic where it is missing and may be made, and looks at it. */
export async function openTopic(kafka: Kafka, options: KafkaBusOptions): Promise<TopicState> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    const topic = topicOf(options);
    const { brokers, clusterId } = await admin.describeCluster();
    const { partitions } =
      (await find(admin, topic)) ?? (await create(admin, topic, options.topic, brokers.length));
    await refuseUnfit(admin, topic);
    const offsets = await admin.fetchTopicOffsets(topic);
    const committed = await admin.fetchOffsets({ groupId: groupOf(options), topics: [topic] });
    return {
      clusterId,
      partitions: partitions.length,
      low: new Map(offsets.map(({ partition, low }) => [partition, Number(low)])),
      end: new Map(offsets.map(({ partition, high }) => [partition, Number(high)])),
      owners: new Set(committed.flatMap((each) => each.partitions.map(({ metadata }) => metadata ?? ''))),
    };
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

async function find(admin: Admin, topic: string): Promise<ITopicMetadata | undefined> {
  if (!(await admin.listTopics()).includes(topic)) return undefined;
  return (await admin.fetchTopicMetadata({ topics: [topic] })).topics[0];
}

/** @throws EventBusError where a topic that somebody else made would refuse blocks, or throw some away */
async function refuseUnfit(admin: Admin, topic: string): Promise<void> {
  const type = kafkajs.ConfigResourceTypes.TOPIC;
  const names = ['max.message.bytes', 'cleanup.policy'];
  const resources = [{ type, name: topic, configNames: names }];
  const [found] = (await admin.describeConfigs({ resources, includeSynonyms: false })).resources;
  const [bytes, policy] = names.map(
    (name) => found?.configEntries.find(({ configName }) => configName === name)?.configValue,
  );
  const wrong = [
    ...(Number(bytes) < LEAST_MESSAGE_BYTES
      ? [`max.message.bytes is ${bytes}: set it to ${MESSAGE_MAX_BYTES}`]
      : []),
    ...(policy === 'delete' ? [] : [`cleanup.policy is ${policy}, which loses events: set it to delete`]),
  ];
  if (wrong.length > 0)
    throw new EventBusError(
      'bus_unavailable',
      `The topic ${topic} can't carry events. Its ${wrong.join('; its ')} (kafka-configs.sh --alter).`,
    );
}

async function create(
  admin: Admin,
  topic: string,
  options: TopicOptions,
  brokers: number,
): Promise<ITopicMetadata> {
  if (!options.create)
    throw new EventBusError(
      'bus_unavailable',
      `The topic ${topic} is missing: make it as the guide of Kafka says, or set KAFKA_CREATE_TOPICS=on.`,
    );
  const replicas = options.replicas ?? Math.min(MOST_REPLICAS, brokers);
  const configs = {
    'retention.ms': options.retentionMs,
    'max.message.bytes': MESSAGE_MAX_BYTES,
    'cleanup.policy': 'delete',
    // A write is answered when so many have it: a broker may fail without a loss.
    'min.insync.replicas': Math.max(1, replicas - 1),
  };
  const configEntries = Object.entries(configs).map(([name, value]) => ({ name, value: String(value) }));
  const spec = { topic, numPartitions: options.partitions, replicationFactor: replicas, configEntries };
  await admin.createTopics({ topics: [spec], waitForLeaders: true });
  const made = await find(admin, topic);
  if (!made) throw new Error(`the topic ${topic} was made and is not there`);
  return made;
}

/** Offsets of a topic never go back. @throws EventBusError where they did: it is another one, or its end was lost */
export function refuseLess({ end }: TopicState, read: LanesRead, topic: string): void {
  for (const [lane, offset] of end)
    if (offset < read.of(lane))
      throw new EventBusError(
        'bus_unavailable',
        `Partition ${lane} of ${topic} ends at ${offset}, and was read up to ${read.of(lane)}: the topic was made anew, ` +
          'or lost its end. Set KAFKA_TOPIC_PREFIX to a new name, and start with another data directory.',
      );
}
