import { describe, expect, it } from 'vitest';
import type { Engine } from '../engine/engine.js';
import type { ClickHouseTier } from '../clickhouse-tier.js';
import { Members } from './members.js';

/** Servers that know these shards: `[shard, whether it is its own]`. */
function membersOf(...servers: readonly (readonly (readonly [number, 0 | 1])[])[]): Members {
  return new Members(
    'two',
    servers.map((rows, n) => ({
      ...{ url: `http://${n}:8123`, user: 'u', tier: {} as ClickHouseTier },
      engine: {
        run: async () => ({ rows: () => rows.map(([shard, own]) => ({ shard, own })) }),
      } as unknown as Engine,
    })),
  );
}

describe('members of a cluster, as servers that are played answer', () => {
  it('are in the order of their shards', async () => {
    const members = membersOf(
      [
        [1, 0],
        [2, 1],
      ],
      [
        [1, 1],
        [2, 0],
      ],
    );
    expect((await members.ordered()).map(({ url }) => url)).toEqual(['http://1:8123', 'http://0:8123']);
  });

  it.each([
    ['of an unknown cluster', [[]], 'set CLICKHOUSE_CLUSTER to one of its remote_servers'],
    [
      'that are no members',
      [
        [
          [1, 0],
          [2, 0],
        ],
      ],
      'set CLICKHOUSE_URL to members of CLICKHOUSE_CLUSTER',
    ],
    [
      'of a shard that has replicas',
      [
        [
          [1, 1],
          [1, 0],
          [2, 0],
        ],
      ],
      'whose shards have one replica each',
    ],
    [
      'of too few shards',
      [
        [
          [1, 1],
          [2, 0],
        ],
      ],
      'names 1 of the 2 shards that http://0:8123 knows of the cluster "two"',
    ],
    [
      'of one shard twice',
      [
        [
          [1, 1],
          [2, 0],
        ],
        [
          [1, 1],
          [2, 0],
        ],
      ],
      'which are both shard 1',
    ],
  ] as const)('%s are refused with the setting to mend', async (_, servers, words) => {
    const members = membersOf(...servers);
    await expect(members.ordered()).rejects.toMatchObject({
      failure: 'unavailable',
      message: expect.stringContaining(words),
    });
  });

  it('are asked again once one could not answer', async () => {
    let fails = true;
    const engine = {
      run: async () => {
        if (fails) throw new Error('out');
        return { rows: () => [{ shard: 1, own: 1 }] };
      },
    } as unknown as Engine;
    const members = new Members('one', [
      { url: 'http://a:8123', user: 'u', tier: {} as ClickHouseTier, engine },
    ]);
    await expect(members.ordered()).rejects.toThrow('out');
    fails = false;
    expect(await members.ordered()).toHaveLength(1);
  });
});
