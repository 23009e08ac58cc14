import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#access';
import { RunTimeSettings } from '#app-config';
import {
  ClockGuard,
  nextCron,
  nextTime,
  printDay,
  RetentionPolicies,
  RetentionRuns,
  type RetentionRun,
} from '#retention';
import { Problem } from '../problems/problem.js';
import { requireReach } from './require-reach.js';
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
    @Inject(RunTimeSettings) private readonly settings: RunTimeSettings,
    @Inject(RetentionPolicies) private readonly policies: RetentionPolicies,
  ) {}

  /** Read from the tier now. @throws TierError */
  async status(caller: Principal): Promise<ShownRetentionStatus> {
    requireReach(caller);
    const { tenant } = caller;
    const { now, state, detail } = await this.clock.look();
    return {
      first_plan_applied_at: (await this.kept.firstAppliedAt(tenant)) ?? null,
      clock: { state, ...(detail !== undefined && { detail }) },
      schedule: await this.#schedule(tenant, now),
      ...(await this.stored.read(tenant, now)),
      runs: (await this.kept.list(tenant)).slice(0, LAST_RUNS).map(shownRun),
    };
  }

  async #schedule(tenant: string, now: number): Promise<ShownRetentionStatus['schedule']> {
    const { retentionRunAt: at, retentionTimeZone: zone } = this.settings.current;
    const moment = (ms: () => number): string | null => (at === 'off' ? null : new Date(ms()).toISOString());
    const { policies } = await this.policies.read(tenant);
    return {
      ...{ run_at: at, time_zone: zone, next_at: moment(() => nextTime({ at, zone }, now)) },
      policies: policies.flatMap(({ name, cron }) =>
        cron === undefined
          ? []
          : [{ policy: name, cron, next_at: moment(() => nextCron({ cron, zone }, now)) }],
      ),
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
