import { isDeepStrictEqual } from 'node:util';
import type { Logger } from 'pino';
import type { Catalogue } from '#catalogue';
import type { ClockReading } from '../clock/clock-guard.js';
import type { NamedPolicy } from '../policies/policy.js';
import type { RetentionPolicies } from '../policies/retention-policies.js';
import type { RetentionRuns } from '../runs/retention-runs.js';
import { lastCron, type CronTime } from './cron.js';
import type { TenantRuns } from './tenant-runs.js';

const COLLECTION = 'retention-schedule';

/** Of a policy: the last time of its own that was begun, milliseconds since the epoch. */
interface Begun {
  readonly time: number;
  readonly cron: string;
}

/** Of a tenant, by the policy's name. */
type BegunOfTenant = Readonly<Record<string, Begun>>;

export interface PolicyRunsParts {
  readonly catalogue: Pick<Catalogue, 'read' | 'write'>;
  readonly policies: Pick<RetentionPolicies, 'read'>;
  readonly runs: Pick<RetentionRuns, 'tenants' | 'unfinished'>;
  readonly tenants: Pick<TenantRuns, 'beginOf'>;
  /** The zone of expressions; undefined: nothing is applied by itself. */
  readonly zone: () => string | undefined;
  readonly logger: Pick<Logger, 'error'>;
}

type ZonedReading = ClockReading & { readonly zone: string };

/**
 * Applies policies that have times of their own. One that passed while the process was down, the clock wasn't trusted, or
 * another run of the tenant was under way, is caught up on.
 */
export class PolicyRuns {
  constructor(private readonly parts: PolicyRunsParts) {}

  async runIfDue(reading: ClockReading): Promise<void> {
    const zone = this.parts.zone();
    if (zone === undefined) return;
    for (const tenant of await this.parts.runs.tenants()) await this.#runTenant(tenant, { ...reading, zone });
  }

  async #runTenant(tenant: string, reading: ZonedReading): Promise<void> {
    const { catalogue, policies: books } = this.parts;
    const { policies, changed_at = '' } = await books.read(tenant);
    const kept = (await catalogue.read<BegunOfTenant>(COLLECTION, `policies/${tenant}`))?.value ?? {};
    // What is new or changed waits for its next time: what was due was applied with the change.
    const begun = Object.fromEntries(
      policies.flatMap(({ name, cron }) => (kept[name]?.cron === cron ? [[name, kept[name]]] : [])),
    ) as Record<string, Begun>;
    for (const { name, cron } of policies) {
      if (cron === undefined) continue;
      const since = begun[name]?.time ?? Date.parse(changed_at);
      const time = await this.#begin(tenant, { name, cron, since }, reading);
      if (time !== undefined) begun[name] = { time, cron };
    }
    if (isDeepStrictEqual(kept, begun)) return;
    await catalogue.write([{ collection: COLLECTION, id: `policies/${tenant}`, value: begun }]);
  }

  /** The time that was begun now; undefined where none is due, or it is tried again at the next look. */
  async #begin(
    tenant: string,
    { name, cron, since }: { readonly name: string; readonly cron: string; readonly since: number },
    { now, state, zone }: ZonedReading,
  ): Promise<number | undefined> {
    const time = this.#last(tenant, { cron, zone }, now);
    if (time === undefined || time <= since || state !== 'trusted') return undefined;
    const isBusy = (await this.parts.runs.unfinished()).some((run) => run.tenant === tenant);
    if (isBusy) return undefined;
    const follows = (policy: NamedPolicy): boolean => policy.name === name;
    const isBegun = await this.parts.tenants.beginOf(tenant, { by: { kind: 'schedule' }, follows });
    return isBegun ? time : undefined;
  }

  /** An expression of an earlier version that can not be read any more stops nobody else's. */
  #last(tenant: string, time: CronTime, now: number): number | undefined {
    try {
      return lastCron(time, now);
    } catch (error) {
      this.parts.logger.error({ err: error, tenant, ...time }, 'the times of a policy can not be told');
      return undefined;
    }
  }
}
