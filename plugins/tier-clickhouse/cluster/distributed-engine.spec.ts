import { describe, expect, it } from 'vitest';
import type { ClickHouseTier } from '../clickhouse-tier.js';
import type { Engine, StatementResult } from '../engine/engine.js';
import { toTierError } from '../engine/error-codes.js';
import { isUnwritten } from '../search/written-streams.js';
import { DistributedEngine } from './distributed-engine.js';
import { Members } from './members.js';

const UNKNOWN_HERE = "Code: 60. DB::Exception: Table tenant_a.`distributed_stream.web` doesn't exist.";
const UNKNOWN_THERE =
  "Code: 60. DB::Exception: Received from third:9000. DB::Exception: Table tenant_a.`stream.web` doesn't exist.";

/** Two shards, each of which answers with the next of its outcomes: an error's text, or undefined for its number. */
function engineOver(...outcomes: readonly (readonly (string | undefined)[])[]): DistributedEngine {
  const members = outcomes.map((own, n) => {
    const left = [...own];
    const run = async (statement: string): Promise<StatementResult> => {
      if (statement.includes('system.clusters'))
        return resultOf(outcomes.map((_, shard) => ({ shard: shard + 1, own: shard === n ? 1 : 0 })));
      const error = left.shift();
      if (error !== undefined) throw toTierError(new Error(error));
      return resultOf([{ answered: n }]);
    };
    const engine = { run } as unknown as Engine;
    return { url: `http://${n}:8123`, user: 'u', tier: {} as ClickHouseTier, engine };
  });
  return new DistributedEngine(new Members('two', members));
}

function resultOf(rows: readonly object[]): StatementResult {
  return { rows: () => rows } as unknown as StatementResult;
}

const ask = (engine: DistributedEngine) => engine.run('SELECT 1', { lane: 'read' });

describe('questions to all shards, as servers that are played answer', () => {
  it('go to the next member where one that is new lacks the tables', async () => {
    const engine = engineOver([UNKNOWN_HERE, UNKNOWN_HERE], [undefined, undefined]);
    for (let turn = 0; turn < 2; turn += 1)
      expect((await ask(engine)).rows<{ answered: number }>()).toEqual([{ answered: 1 }]);
  });

  it('are of a stream that was never written where all members lack the tables', async () => {
    const failed = await ask(engineOver([UNKNOWN_HERE], [UNKNOWN_HERE])).catch((error: unknown) => error);
    expect(isUnwritten(failed)).toBe(true);
  });

  it.each([
    ['first', UNKNOWN_THERE],
    ['after one that lacks the tables', UNKNOWN_HERE],
  ])(
    'are refused, with what mends it, where a shard that no setting names lacks them: %s',
    async (_, other) => {
      const failed = await ask(engineOver([UNKNOWN_THERE], [other])).catch((error: unknown) => error);
      expect(failed).toMatchObject({
        failure: 'unavailable',
        message: expect.stringContaining('name a server of each shard in CLICKHOUSE_URL'),
      });
      expect(isUnwritten(failed)).toBe(false);
    },
  );

  it('fail as they do for another reason, without a second try', async () => {
    const out = 'Code: 279. DB::Exception: All connection tries failed.';
    await expect(ask(engineOver([out], [out]))).rejects.toMatchObject({
      failure: 'unavailable',
      message: expect.stringContaining('All connection tries failed'),
    });
  });
});
