import { randomInt } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { DISTRIBUTED_FAULTS } from '../oracle/distributed/distributed-faults.js';
import { runDistributed } from '../oracle/distributed/run-distributed.js';

const seed = Number(process.env['ALLUVIUM_ORACLE_SEED'] ?? randomInt(1_000_000));
const ROUNDS = 10;
const LIMIT_MS = 900_000;
/** Where one of these names engines that run elsewhere, they are not ours to kill. */
const isElsewhere = ['KAFKA_BROKERS', 'MONGODB_URI', 'CLICKHOUSE_URL', 'REDIS_URL', 'S3_ENDPOINT'].some(
  (name) => process.env[name] !== undefined,
);

describe.runIf(!isElsewhere)(`the distributed oracle, seed ${seed} (ALLUVIUM_ORACLE_SEED)`, () => {
  it(
    `finds each acknowledged event once after ${ROUNDS} faults of processes, engines and connections`,
    async () => {
      const result = await runDistributed({
        ...{ seed, rounds: ROUNDS, faults: DISTRIBUTED_FAULTS, connections: 4 },
        ...{ verifyEvery: 5, eventsPerRound: 8_000, log: (line) => console.log(line) },
      });
      console.log(result.summary);
      expect(result.violations).toBe('');
    },
    LIMIT_MS,
  );
});
