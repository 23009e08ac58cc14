import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planDistributed, type DistributedFault } from './distributed-faults.js';
import { DistributedOracle, type DistributedOracleOptions } from './distributed-oracle.js';
import { DistributedRig } from './rig.js';

export interface DistributedRun extends Omit<DistributedOracleOptions, 'faults' | 'directory'> {
  readonly rounds: number;
  /** Those to choose from. */
  readonly faults: readonly DistributedFault[];
}

/** What a run came to. */
export interface DistributedResult {
  readonly isClean: boolean;
  /** What was sent, found and faulted. */
  readonly summary: string;
  /** Everything that went wrong; empty where nothing did. */
  readonly violations: string;
}

/** Starts everything, runs the rounds and stops everything. Where something is wrong, data and logs stay for whoever looks. */
export async function runDistributed(run: DistributedRun): Promise<DistributedResult> {
  const directory = await mkdtemp(join(tmpdir(), 'alluvium-oracle-'));
  const { log, seed } = run;
  let isClean = false;
  try {
    const rig = await DistributedRig.start(directory);
    try {
      log(rig.engines.describe());
      const faults = planDistributed(run.rounds, seed, run.faults);
      const oracle = new DistributedOracle(rig, { ...run, faults, directory });
      await oracle.run();
      isClean = oracle.violations.total === 0;
      const summary = `seed ${seed}: ${oracle.tally.describe()}`;
      return { isClean, summary, violations: oracle.violations.describe() };
    } finally {
      await rig.stop();
    }
  } finally {
    if (isClean) await rm(directory, { recursive: true, force: true });
    else log(`Data, obligations and logs are kept in ${directory}.`);
  }
}
