import type { Catalogue } from '#catalogue';
import type { ClockReading } from '../clock/clock-guard.js';
import { lastTime, type DailyTime } from './daily-time.js';
import type { TenantRuns } from './tenant-runs.js';

const COLLECTION = 'retention-schedule';
const ID = 'daily';

/** The last time of day whose run was begun: milliseconds since the epoch. */
interface Begun {
  readonly time: number;
}

export interface DailyRunParts {
  readonly catalogue: Pick<Catalogue, 'read' | 'write'>;
  readonly tenants: Pick<TenantRuns, 'begin'>;
  /** When; undefined: never. */
  readonly daily: () => DailyTime | undefined;
}

/**
 * Applies policies that have no time of their own once a day. A time that passed while the process was down, or while the clock wasn't trusted, is caught up
 * on.
 */
export class DailyRun {
  constructor(private readonly parts: DailyRunParts) {}

  async runIfDue({ now, state }: ClockReading): Promise<void> {
    const { catalogue, tenants } = this.parts;
    const daily = this.parts.daily();
    if (!daily) return;
    const time = lastTime(daily, now);
    const begun = await catalogue.read<Begun>(COLLECTION, ID);
    if (begun && begun.value.time >= time) return;
    // The first start waits for the next time.
    if (begun && state !== 'trusted') return;
    if (begun)
      await tenants.begin(now, { by: { kind: 'schedule' }, follows: ({ cron }) => cron === undefined });
    await catalogue.write([{ collection: COLLECTION, id: ID, value: { time } satisfies Begun }]);
  }
}
