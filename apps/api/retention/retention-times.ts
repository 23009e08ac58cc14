import { Inject, Injectable } from '@nestjs/common';
import { RunTimeSettings } from '#app-config';
import { nextCron, nextTime, RetentionPolicies } from '#retention';
import type { ShownRetentionStatus } from './status.schema.js';

/** Tells when policies are applied by themselves. */
@Injectable()
export class RetentionTimes {
  constructor(
    @Inject(RunTimeSettings) private readonly settings: RunTimeSettings,
    @Inject(RetentionPolicies) private readonly policies: RetentionPolicies,
  ) {}

  /** @param now milliseconds since the epoch */
  async of(tenant: string, now: number): Promise<ShownRetentionStatus['schedule']> {
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
}
