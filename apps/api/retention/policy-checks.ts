import { Inject, Injectable } from '@nestjs/common';
import { PLUGIN_REGISTRY, type PluginRegistry } from '#plugin-host';
import { targetOf } from '#retention';
import { readPolicy } from '#retention-policy';
import { EventTypeRegistry, StreamRegistry, TierRegistry } from '#storage-tier';
import { Problem, type RequestMistake } from '../problems/problem.js';
import type { PolicyRequest } from './policies.schema.js';

/** Checks policies against what there is. */
@Injectable()
export class PolicyChecks {
  constructor(
    @Inject(StreamRegistry) private readonly streams: StreamRegistry,
    @Inject(EventTypeRegistry) private readonly eventTypes: EventTypeRegistry,
    @Inject(TierRegistry) private readonly registry: TierRegistry,
    @Inject(PLUGIN_REGISTRY) private readonly plugins: Pick<PluginRegistry, 'unitTiers'>,
  ) {}

  /** Tiers that a policy may name. */
  get tiers(): readonly string[] {
    return [...this.registry.retentionTiers, ...this.plugins.unitTiers.keys()];
  }

  /**
   * Refuses policies for what isn't there, and steps to tiers that aren't.
   *
   * @param path where they stand in the request
   * @throws Problem `policy_name_invalid`, `stream_unknown`, `event_type_unknown`, `invalid_request`
   */
  async check(tenant: string, policies: Readonly<Record<string, PolicyRequest>>, path = ''): Promise<void> {
    for (const name of Object.keys(policies)) await this.#requireTarget(tenant, name);
    const mistakes = Object.entries(policies).flatMap(([name, { keep }]) =>
      this.#tierMistakes(keep, path === '' ? 'keep' : `${path}.${name}.keep`),
    );
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
