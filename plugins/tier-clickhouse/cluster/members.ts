import { TierError } from '#plugin-kit';
import type { ClickHouseTier } from '../clickhouse-tier.js';
import type { Engine } from '../engine/engine.js';
import { readShardPlace } from '../server/check-server.js';

/** One server of a cluster. */
export interface Member {
  readonly url: string;
  readonly user: string;
  readonly engine: Engine;
  /** The events of its shard. */
  readonly tier: ClickHouseTier;
}

/** The servers of a cluster: which shard each is, is asked of themselves when they answer. */
export class Members {
  #ordered: Promise<readonly Member[]> | undefined;

  /** @param members at least one */
  constructor(
    readonly cluster: string,
    private readonly members: readonly Member[],
  ) {}

  /** For what no shard has to do with. */
  get any(): Member {
    const [first] = this.members;
    if (!first) throw new TierError('config', 'CLICKHOUSE_URL names no server.');
    return first;
  }

  /** In whatever order settings name them. */
  get all(): readonly Member[] {
    return this.members;
  }

  /**
   * One for each shard, by the shards' numbers.
   *
   * @throws TierError `unavailable` where one doesn't answer, or they aren't one for each shard; asked again at the next call
   */
  ordered(): Promise<readonly Member[]> {
    this.#ordered ??= this.#order().catch((error: unknown) => {
      this.#ordered = undefined;
      throw error;
    });
    return this.#ordered;
  }

  async close(): Promise<void> {
    await Promise.all(this.members.map(({ engine }) => engine.close()));
  }

  async #order(): Promise<readonly Member[]> {
    const { cluster } = this;
    const placed = await Promise.all(
      this.members.map(async (member) => ({
        member,
        place: await readShardPlace(member.engine, member, cluster),
      })),
    );
    const byShard = new Map<number, Member>();
    for (const { member, place } of placed) {
      const same = byShard.get(place.shard);
      if (same) throw wrong(`${same.url} and ${member.url}, which are both shard ${place.shard}`, cluster);
      byShard.set(place.shard, member);
    }
    // Of one that knows fewer than the others, questions would be about a part.
    const other = placed.find(({ place }) => place.shards !== byShard.size);
    if (other)
      throw wrong(
        `${byShard.size} of the ${other.place.shards} shards that ${other.member.url} knows`,
        cluster,
      );
    return [...byShard].sort(([a], [b]) => a - b).map(([, member]) => member);
  }
}

function wrong(names: string, cluster: string): TierError {
  return new TierError(
    'unavailable',
    `CLICKHOUSE_URL names ${names} of the cluster "${cluster}" of CLICKHOUSE_CLUSTER: name one server of each shard.`,
  );
}
