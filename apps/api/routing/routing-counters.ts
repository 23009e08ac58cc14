import { Inject, Injectable } from '@nestjs/common';
import { Counter, type Registry } from 'prom-client';
import { METRICS } from '#observability';
import type { RequestPlan, RuleCounts } from '#routing';

const NOTHING: RuleCounts = { matched: 0, dropped: 0, sampled_out: 0 };

/** What routing rules did to events that are durable, since this process began. */
@Injectable()
export class RoutingCounters {
  readonly #tenants = new Map<string, Map<string, RuleCounts>>();
  readonly #events: Counter<'outcome'>;

  constructor(@Inject(METRICS) registry: Registry) {
    this.#events = new Counter({
      name: 'alluvium_routing_events_total',
      help: 'Events that routing rules were asked about: matched (once for each rule), dropped, sampled_out, unmatched.',
      labelNames: ['outcome'],
      registers: [registry],
    });
  }

  add(tenant: string, plan: RequestPlan): void {
    const rules = this.#tenants.get(tenant) ?? new Map<string, RuleCounts>();
    this.#tenants.set(tenant, rules);
    let sum = NOTHING;
    for (const [rule, counts] of plan.counts()) {
      rules.set(rule, added(rules.get(rule) ?? NOTHING, counts));
      sum = added(sum, counts);
    }
    for (const [outcome, events] of Object.entries({ ...sum, unmatched: plan.unmatched }))
      this.#events.inc({ outcome }, events);
  }

  of(tenant: string, rule: string): RuleCounts {
    return this.#tenants.get(tenant)?.get(rule) ?? NOTHING;
  }

  /** Forgets all rules of the tenant but these. */
  keep(tenant: string, names: readonly string[]): void {
    const rules = this.#tenants.get(tenant);
    for (const rule of rules?.keys() ?? []) if (!names.includes(rule)) rules?.delete(rule);
  }
}

function added(a: RuleCounts, b: RuleCounts): RuleCounts {
  return {
    matched: a.matched + b.matched,
    dropped: a.dropped + b.dropped,
    sampled_out: a.sampled_out + b.sampled_out,
  };
}
