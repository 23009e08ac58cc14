import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#access';
import { SETTINGS, type Settings } from '#app-config';
import { RetentionPolicies, type PolicyBook, type StoredPolicy } from '#retention';
import { Problem } from '../problems/problem.js';
import type { PolicyRequest, ShownPolicy, ShownPolicyBook, ShownPolicyVersions } from './policies.schema.js';
import { PolicyChecks } from './policy-checks.js';
import { requireReach } from './require-reach.js';

/** Keeps a tenant's retention policies. */
@Injectable()
export class RetentionPoliciesService {
  constructor(
    @Inject(RetentionPolicies) private readonly policies: RetentionPolicies,
    @Inject(PolicyChecks) private readonly checks: PolicyChecks,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async list(caller: Principal): Promise<ShownPolicyBook> {
    requireReach(caller);
    return this.#shown(await this.policies.read(caller.tenant));
  }

  /** @throws Problem `policy_not_found` */
  async find(caller: Principal, name: string): Promise<ShownPolicy> {
    const { policies } = await this.list(caller);
    return policies.find((policy) => policy.name === name) ?? missing();
  }

  /** @throws Problem `policy_name_invalid`, `stream_unknown`, `event_type_unknown`, `invalid_request`; PolicyError */
  async put(
    caller: Principal,
    name: string,
    ...[request, ifVersion]: [request: PolicyRequest, ifVersion: number | undefined]
  ): Promise<ShownPolicyBook> {
    requireReach(caller);
    await this.checks.check(caller.tenant, { [name]: request });
    return this.#change(caller, ifVersion, (old) => [
      ...old.filter((one) => one.name !== name),
      stored(caller, { name, ...request }, old),
    ]);
  }

  /** @throws Problem `policy_not_found`; PolicyError */
  remove(caller: Principal, name: string, ifVersion: number | undefined): Promise<ShownPolicyBook> {
    requireReach(caller);
    return this.#change(caller, ifVersion, (old) => {
      if (!old.some((one) => one.name === name)) missing();
      return old.filter((one) => one.name !== name);
    });
  }

  async versions(caller: Principal): Promise<ShownPolicyVersions> {
    requireReach(caller);
    const versions = await this.policies.versions(caller.tenant);
    return { versions: versions.map((book) => ({ ...book, policies: [...book.policies] })) };
  }

  /** @throws PolicyError `policy_version_not_found`, `policies_conflict` */
  async rollBack(
    caller: Principal,
    ...[version, ifVersion]: [version: number | undefined, ifVersion: number | undefined]
  ): Promise<ShownPolicyBook> {
    requireReach(caller);
    return this.#shown(
      await this.policies.rollBack(caller.tenant, version, { ...authored(caller), ifVersion }),
    );
  }

  async #change(
    caller: Principal,
    ifVersion: number | undefined,
    change: (policies: readonly StoredPolicy[]) => readonly StoredPolicy[],
  ): Promise<ShownPolicyBook> {
    return this.#shown(await this.policies.change(caller.tenant, change, { ...authored(caller), ifVersion }));
  }

  #shown({ version, policies }: PolicyBook): ShownPolicyBook {
    return {
      version,
      default: this.settings.boot.defaultRetention,
      tiers: [...this.checks.tiers],
      policies: [...policies],
    };
  }
}

/** A policy as it is to be kept; one that is sent again as it is stays as it was, with who changed it. */
export function stored(
  caller: Principal,
  {
    name,
    keep,
    max_bytes,
    max_disk_share,
    cron,
    lock_days,
    class: importance,
  }: PolicyRequest & { readonly name: string },
  old: readonly StoredPolicy[],
): StoredPolicy {
  const said = {
    ...{ name, keep },
    ...(max_bytes !== undefined && { max_bytes }),
    ...(max_disk_share !== undefined && { max_disk_share }),
    ...(cron !== undefined && { cron }),
    ...(lock_days !== undefined && { lock_days }),
    class: importance,
  };
  const before = old.find((one) => one.name === name);
  if (before && JSON.stringify(said) === JSON.stringify(withoutAuthor(before))) return before;
  const { by, at } = authored(caller);
  return { ...said, changed_at: at, changed_by: by };
}

function withoutAuthor({ changed_at: _at, changed_by: _by, ...said }: StoredPolicy): object {
  return said;
}

function authored(caller: Principal) {
  const by = { key_id: caller.keyId, key_name: caller.keyName };
  return { by, at: new Date().toISOString() };
}

function missing(): never {
  throw new Problem('policy_not_found', 'The tenant has no retention policy of this name.');
}
