import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '#app-config';
import { archiveStay, targetOf } from '#retention';
import { readPolicy } from '#retention-policy';
import { EventTypeRegistry, StreamRegistry } from '#storage-tier';
import { Problem, type RequestMistake } from '../problems/problem.js';
import { KnownTiers } from './known-tiers.js';
import type { PolicyRequest } from './policies.schema.js';

/** Checks policies against what there is. */
@Injectable()
export class PolicyChecks {
  constructor(
    @Inject(StreamRegistry) private readonly streams: StreamRegistry,
    @Inject(EventTypeRegistry) private readonly eventTypes: EventTypeRegistry,
    @Inject(KnownTiers) private readonly known: Pick<KnownTiers, 'names'>,
    @Inject(SETTINGS) private readonly settings: { readonly boot: Pick<Settings['boot'], 's3ObjectLock'> },
  ) {}

  /** Tiers that a policy may name. */
  get tiers(): readonly string[] {
    return this.known.names;
  }

  /**
   * Refuses policies for what isn't there, and steps to tiers that aren't.
   *
   * @param path where they stand in the request
   * @throws Problem `policy_name_invalid`, `stream_unknown`, `event_type_unknown`, `invalid_request`
   */
  async check(tenant: string, policies: Readonly<Record<string, PolicyRequest>>, path = ''): Promise<void> {
    for (const name of Object.keys(policies)) await this.#requireTarget(tenant, name);
    const mistakes = Object.entries(policies).flatMap(([name, policy]) => {
      const at = path === '' ? '' : `${path}.${name}.`;
      return [
        ...this.#tierMistakes(policy.keep, `${at}keep`),
        ...this.#lockMistakes(policy, `${at}lock_days`),
      ];
    });
    if (mistakes.length > 0)
      throw new Problem('invalid_request', 'The request has a mistake; see errors.', { errors: mistakes });
  }

  /** @throws Problem `stream_unknown`, `stream_read_only` */
  async requireStream(tenant: string, name: string): Promise<void> {
    const stream = (await this.streams.records(tenant)).find((one) => one.name === name);
    if (stream?.read_only)
      throw new Problem('stream_read_only', `No policy keeps the stream "${name}": it is read only.`);
    if (!stream) throw new Problem('stream_unknown', `There is no stream named "${name}".`);
  }

  async #requireTarget(tenant: string, name: string): Promise<void> {
    const target = targetOf(name);
    if (!target)
      throw new Problem('policy_name_invalid', `"${name.slice(0, 80)}" names nothing of a tenant's.`);
    if (target.kind === 'stream') await this.requireStream(tenant, target.name);
    if (target.kind === 'event-type' && !this.eventTypes.get(tenant, target.name))
      throw new Problem('event_type_unknown', `There is no event type "${target.name}".`);
  }

  /** A lock that the store does not keep, or that outlives the archive, would promise what is not so. */
  #lockMistakes({ keep, lock_days: days }: PolicyRequest, path: string): readonly RequestMistake[] {
    if (days === undefined) return [];
    const stay = archiveStay({ keep });
    if (!stay)
      return [
        {
          ...{ path, message: 'locks what it archives, and names no step archive' },
          mend: 'Leave out lock_days, or add the step, such as search 30d -> archive 1y -> delete.',
        },
      ];
    const length = (stay.until_days ?? Infinity) - stay.from_days;
    if (days > length)
      return [
        {
          ...{ path, message: `is ${days}, and its step archive keeps ${length} days` },
          mend: `Give at most ${length}, or let the archive keep longer.`,
        },
      ];
    if (this.settings.boot.s3ObjectLock !== 'off') return [];
    return [
      {
        ...{ path, message: 'needs a store that locks objects, and S3_OBJECT_LOCK is off' },
        mend: 'Leave out lock_days, or set S3_OBJECT_LOCK and S3_BUCKET to a bucket with Object Lock.',
      },
    ];
  }

  #tierMistakes(keep: string, path: string): readonly RequestMistake[] {
    const known = this.tiers;
    const stays = readPolicy(keep).stays ?? [];
    const unknown = stays.filter(({ tier }) => !known.includes(tier));
    const [, , third] = stays;
    if (unknown.length === 0 && third)
      return [
        {
          ...{ path, message: `a unit is in one tier behind search, and then in ${third.tier} too` },
          mend: `Leave out ${third.tier}, or what stands between search and it.`,
        },
      ];
    return unknown.map(({ tier }) => ({
      ...{ path, message: `no such tier here yet: ${tier}` },
      mend: `Use the tiers that there are: ${known.join(', ')}.`,
    }));
  }
}
