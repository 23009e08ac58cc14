import type { Catalogue } from '#catalogue';
import type { ClockReading } from '../clock/clock-guard.js';
import type { NamedPolicy } from '../policies/policy.js';
import type { RetentionPolicies } from '../policies/retention-policies.js';
import type { RetentionRuns } from '../runs/retention-runs.js';
import { lastCron } from './cron.js';
import type { TenantRuns } from './tenant-runs.js';

const COLLECTION = 'retention-schedule';

/** The last time of a policy's own that was begun: milliseconds since the epoch. */
interface Begun {
  readonly time: number;
  readonly cron: string;
}

export interface PolicyRunsParts {
  readonly catalogue: Pick<Catalogue, 'read' | 'write'>;
  readonly policies: Pick<RetentionPolicies, 'read'>;
  readonly runs: Pick<RetentionRuns, 'tenants' | 'unfinished'>;
  readonly tenants: Pick<TenantRuns, 'beginOf'>;
  /** The zone of expressions; undefined: nothing is applied by itself. */
  readonly zone: () => string | undefined;
}

/**
 * Applies policies that have times of their own. One that passed while the process was down, the clock wasn't trusted, or
 * another run of the tenant was under way, is caught up on.
 */
export class PolicyRuns {
  constructor(private readonly parts: PolicyRunsParts) {}

  async runIfDue(reading: ClockReading): Promise<void> {
    const { policies, runs } = this.parts;
    const zone = this.parts.zone();
    if (zone === undefined) return;
    for (const tenant of await runs.tenants())
      for (const policy of (await policies.read(tenant)).policies)
        await this.#runIfDue(tenant, policy, { ...reading, zone });
  }

  async #runIfDue(
    tenant: string,
    { name, cron }: NamedPolicy,
    { now, state, zone }: ClockReading & { readonly zone: string },
  ): Promise<void> {
    if (cron === undefined) return;
    const { catalogue, runs, tenants } = this.parts;
    const time = lastCron({ cron, zone }, now);
    const id = `policy/${tenant}/${name}`;
    const begun = (await catalogue.read<Begun>(COLLECTION, id))?.value;
    // One that was changed, too, waits for the next time.
    const isKnown = begun?.cron === cron;
    if (isKnown && begun.time >= time) return;
    if (isKnown) {
      const isBusy = (await runs.unfinished()).some((run) => run.tenant === tenant);
      if (isBusy || state !== 'trusted') return;
      await tenants.beginOf(tenant, { by: { kind: 'schedule' }, follows: (policy) => policy.name === name });
    }
    await catalogue.write([{ collection: COLLECTION, id, value: { time, cron } satisfies Begun }]);
  }
}
