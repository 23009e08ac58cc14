import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#access';
import { ClockGuard, printDay, RetentionRuns, type RetentionRun } from '#retention';
import { Problem } from '../problems/problem.js';
import { requireReach } from './require-reach.js';
import { RetentionTimes } from './retention-times.js';
import { StoredStreams } from './stored-streams.js';
import type { ShownRetentionStatus, ShownRun, ShownRuns } from './status.schema.js';

/** Runs that the status shows. */
const LAST_RUNS = 10;

/** Tells what should be there and what is, and what was deleted. */
@Injectable()
export class RetentionStatusService {
  constructor(
    @Inject(StoredStreams) private readonly stored: StoredStreams,
    @Inject(RetentionRuns) private readonly kept: RetentionRuns,
    @Inject(ClockGuard) private readonly clock: ClockGuard,
    @Inject(RetentionTimes) private readonly times: RetentionTimes,
  ) {}

  /** Read from the tier now. @throws TierError */
  async status(caller: Principal): Promise<ShownRetentionStatus> {
    requireReach(caller);
    const { tenant } = caller;
    const { now, state, detail } = await this.clock.look();
    return {
      first_plan_applied_at: (await this.kept.firstAppliedAt(tenant)) ?? null,
      clock: { state, ...(detail !== undefined && { detail }) },
      schedule: await this.times.of(tenant, now),
      ...(await this.stored.read(tenant, now)),
      runs: (await this.kept.list(tenant)).slice(0, LAST_RUNS).map(shownRun),
    };
  }

  async runs(caller: Principal, limit: number): Promise<ShownRuns> {
    requireReach(caller);
    return { runs: (await this.kept.list(caller.tenant)).slice(0, limit).map(shownRun) };
  }

  /** @throws Problem `run_not_found` */
  async run(caller: Principal, id: string): Promise<ShownRun> {
    requireReach(caller);
    const run = await this.kept.find(caller.tenant, id);
    if (!run) throw new Problem('run_not_found', 'The tenant has no retention run of this id.');
    const units = await this.kept.outcomes(caller.tenant, id);
    return { ...shownRun(run), units: units.map((unit) => ({ ...unit, day: printDay(unit.day) })) };
  }
}

function shownRun({ tenant: _tenant, ...run }: RetentionRun): ShownRuns['runs'][number] {
  return run;
}
