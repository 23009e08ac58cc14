import type { BlockConsumer, Delivery } from '../event-bus.port.js';
import { stoppedError } from '../lmdb/log-writer.js';
import type { ClusterIdentity } from './cluster-identity.js';
import type { GroupMember } from './group-member.js';
import type { KafkaLog } from './kafka-options.js';
import type { Lanes } from './lanes.js';
import type { TopicIndex } from './topic-index.js';
import type { TopicSharing } from './topic-sharing.js';

export interface CommitsParts {
  readonly index: TopicIndex;
  readonly lanes: Lanes;
  readonly member: GroupMember;
  readonly sharing: TopicSharing;
  readonly identity: ClusterIdentity;
  readonly log: KafkaLog | undefined;
  readonly reach: (faultPoint: string) => void;
  isStopping(): boolean;
}

/** Takes blocks off the bus for good. */
export class Commits {
  constructor(private readonly parts: CommitsParts) {}

  /** @throws EventBusError `fenced`, `bus_unavailable` where the bus stops; CatalogueError */
  async take(
    consumer: BlockConsumer,
    deliveries: readonly Pick<Delivery, 'lane' | 'position'>[],
  ): Promise<void> {
    const { index, lanes, sharing, reach } = this.parts;
    if (this.parts.isStopping()) throw stoppedError();
    reach('bus.before-remove');
    const touched = [...new Set(deliveries.map(({ lane }) => lane))];
    lanes.check(consumer, touched);
    const gone = deliveries.flatMap(({ lane, position }) => index.waiting.at(Number(lane), position) ?? []);
    if (gone.length > 0) await sharing.remove(gone);
    this.tellCoordinator(touched.map(Number));
    reach('bus.after-remove');
  }

  /** What is done stands elsewhere; the group's offsets say it to other programs, and are not waited for. */
  tellCoordinator(lanes: readonly number[]): void {
    const { index, member, identity, log } = this.parts;
    const offsets = new Map(lanes.map((lane) => [lane, index.startOf(lane)]));
    member.commit(offsets, identity.group).catch((error: unknown) => {
      log?.warn({ err: error }, 'the group of the event bus did not take its offsets; the next ones will do');
    });
  }
}
