import type { StreamSpec } from '#plugin-kit';
import { countsName, eventsName } from './names.js';

/** One command for a router (`mongos`) of a sharded cluster, sent to its database `admin`. */
export interface ShardingCommand {
  readonly shardCollection: string;
  readonly key: Readonly<Record<string, 'hashed'>>;
}

/**
 * How a stream's collections are spread over shards: by a hash of `_id`, the only key under which a cluster keeps `_id` unique,
 * which is what holds each event to one document. Each may be repeated. No cluster runs where this is tested: the commands
 * are compared with their text alone.
 */
export function shardingOf(database: string, stream: StreamSpec): readonly ShardingCommand[] {
  return [eventsName(stream), countsName(stream)].map((name) => ({
    shardCollection: `${database}.${name}`,
    key: { _id: 'hashed' },
  }));
}
