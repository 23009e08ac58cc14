import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#access';
import { isStreamName } from '#event-model';
import { MAX_RULES, RoutingRules, type RoutingRule, type RuleBook, type StoredRule } from '#routing';
import { Problem } from '../problems/problem.js';
import { RoutingCounters } from './routing-counters.js';
import { RuleChecks } from './rule-checks.js';
import type {
  NamedRuleRequest,
  RuleBookRequest,
  RulePatch,
  RuleRequest,
  ShownRule,
  ShownRuleBook,
} from './rules.schema.js';

/** Most policies that the rules of a tenant may name. */
const MAX_POLICIES = 8;
/** Names that routes below `/rules` have. */
const TAKEN = new Set(['dry-run']);

/** A change, and the version that it is meant for. */
export interface RuleChange<T> {
  readonly value: T;
  readonly ifVersion: number | undefined;
}

/** Keeps a tenant's routing rules. */
@Injectable()
export class RulesService {
  constructor(
    @Inject(RoutingRules) private readonly rules: RoutingRules,
    @Inject(RuleChecks) private readonly checks: RuleChecks,
    @Inject(RoutingCounters) private readonly counters: RoutingCounters,
  ) {}

  async list({ tenant }: Principal): Promise<ShownRuleBook> {
    return this.#shown(tenant, await this.rules.read(tenant));
  }

  /** The tenant's rules, or others that are to be tried. @throws Problem `invalid_request` */
  async inForce(
    { tenant }: Principal,
    tried: readonly NamedRuleRequest[] | undefined,
  ): Promise<readonly RoutingRule[]> {
    if (!tried) return (await this.rules.read(tenant)).rules;
    await this.checks.check(
      tenant,
      tried.map((rule, at) => [`rules.${at}`, rule]),
    );
    return tried;
  }

  /** @throws Problem `rule_not_found` */
  async find(caller: Principal, name: string): Promise<ShownRule> {
    const { rules } = await this.list(caller);
    return rules.find((rule) => rule.name === name) ?? missing();
  }

  /** @throws Problem `forbidden`, `rule_name_invalid`, `invalid_request`; RuleConflictError */
  async replace(
    caller: Principal,
    { value, ifVersion }: RuleChange<RuleBookRequest>,
  ): Promise<ShownRuleBook> {
    for (const { name } of value.rules) requireName(name);
    await this.checks.check(
      caller.tenant,
      value.rules.map((rule, at) => [`rules.${at}`, rule]),
    );
    return this.#change(caller, ifVersion, (old) => value.rules.map((rule) => stored(caller, rule, old)));
  }

  /** Makes the rule as the last, or changes it where it is. @throws as {@link replace}; Problem `too_many_rules` */
  async put(
    caller: Principal,
    name: string,
    { value, ifVersion }: RuleChange<RuleRequest>,
  ): Promise<ShownRuleBook> {
    requireName(name);
    await this.checks.check(caller.tenant, [['', value]]);
    return this.#change(caller, ifVersion, (old) => {
      const rule = stored(caller, { name, ...value }, old);
      if (old.some((one) => one.name === name)) return old.map((one) => (one.name === name ? rule : one));
      if (old.length >= MAX_RULES)
        throw new Problem('too_many_rules', `The tenant has ${MAX_RULES} rules, the most it may have.`);
      return [...old, rule];
    });
  }

  /** @throws Problem `forbidden`, `rule_not_found`; RuleConflictError */
  patch(
    caller: Principal,
    name: string,
    { value, ifVersion }: RuleChange<RulePatch>,
  ): Promise<ShownRuleBook> {
    const { enabled, position } = value;
    return this.#change(caller, ifVersion, (old) => {
      const rule = old.find((one) => one.name === name) ?? missing();
      const changed = enabled === undefined ? rule : stored(caller, { ...rule, enabled }, old);
      if (position === undefined) return old.map((one) => (one === rule ? changed : one));
      return old.filter((one) => one !== rule).toSpliced(position, 0, changed);
    });
  }

  /** @throws Problem `forbidden`, `rule_not_found`; RuleConflictError */
  remove(caller: Principal, name: string, ifVersion: number | undefined): Promise<ShownRuleBook> {
    return this.#change(caller, ifVersion, (old) => {
      if (!old.some((one) => one.name === name)) missing();
      return old.filter((one) => one.name !== name);
    });
  }

  async #change(
    caller: Principal,
    ifVersion: number | undefined,
    change: (rules: readonly StoredRule[]) => readonly StoredRule[],
  ): Promise<ShownRuleBook> {
    requireReach(caller);
    const book = await this.rules.change(caller.tenant, (old) => withFewPolicies(change(old)), ifVersion);
    const names = book.rules.map(({ name }) => name);
    this.counters.keep(caller.tenant, names);
    return this.#shown(caller.tenant, book);
  }

  #shown(tenant: string, { version, rules }: RuleBook): ShownRuleBook {
    const counts = (name: string): ShownRule['counts'] => ({ ...this.counters.of(tenant, name) });
    // The record is plain data of the very schema; only its lists are read-only.
    const copy = structuredClone(rules) as Omit<ShownRule, 'counts'>[];
    return { version, rules: copy.map((rule) => ({ ...rule, counts: counts(rule.name) })) };
  }
}

/** A rule that is sent again as it is stays as it was, with who changed it. */
function stored(
  caller: Principal,
  rule: NamedRuleRequest | RoutingRule,
  old: readonly StoredRule[],
): StoredRule {
  const { name, description, enabled, when, action, continue: goesOn } = rule;
  const plain = {
    ...{ name, ...(description !== undefined && { description }) },
    ...{ enabled, when, action, continue: goesOn },
  };
  const before = old.find((one) => one.name === name);
  if (before && isSame(plain, before)) return before;
  const by = { key_id: caller.keyId, key_name: caller.keyName };
  return { ...plain, changed_at: new Date().toISOString(), changed_by: by };
}

function isSame(rule: RoutingRule, { changed_at: _at, changed_by: _by, ...before }: StoredRule): boolean {
  return JSON.stringify(rule) === JSON.stringify(before);
}

/** Receipts name what policies dropped, and must stay short. */
function withFewPolicies(rules: readonly StoredRule[]): readonly StoredRule[] {
  const policies = rules.flatMap(({ action: { drop, sample } }) => [drop?.policy, sample?.policy]);
  const names = new Set(policies.filter((policy) => policy !== undefined));
  if (names.size <= MAX_POLICIES) return rules;
  throw new Problem(
    'too_many_policies',
    `The rules name ${names.size} policies; ${MAX_POLICIES} are the most.`,
  );
}

function requireName(name: string): void {
  if (!isStreamName(name) || TAKEN.has(name))
    throw new Problem('rule_name_invalid', `"${name.slice(0, 80)}" is no name of a rule.`);
}

/** Rules are for all streams of the tenant. */
function requireReach({ streams }: Principal): void {
  if (streams)
    throw new Problem('forbidden', 'The key is held to some streams, and routing rules are for all of them.');
}

function missing(): never {
  throw new Problem('rule_not_found', 'The tenant has no routing rule of this name.');
}
