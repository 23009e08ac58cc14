import { EventLine } from './event-line.js';
import { lineTestsOf, type LineTest } from './line-test.js';
import { meets, type RequestFacts } from './request-facts.js';
import type { RoutingRule, RuleCounts } from './routing-rule.js';
import { isKept, seedFor } from './sampling.js';

/** Where an event goes. What isn't named stays as it was sent. */
export interface Route {
  readonly stream?: string;
  readonly parser?: string;
  /** Policy that drops it. */
  readonly dropped?: string;
}

interface PlannedRule {
  readonly rule: RoutingRule;
  readonly tests: readonly LineTest[];
  readonly seed: number;
  matched: number;
  dropped: number;
  sampledOut: number;
}

/** The rules that may be for events of one request, and what they did to those that were asked about. */
export class RequestPlan {
  readonly #rules: readonly PlannedRule[];
  /** Events that no rule was for. */
  unmatched = 0;

  private constructor(rules: readonly RoutingRule[], seed: number) {
    this.#rules = rules.map((rule, at) => ({
      ...{ rule, tests: lineTestsOf(rule.when), seed: seedFor(seed, at) },
      ...{ matched: 0, dropped: 0, sampledOut: 0 },
    }));
  }

  /**
   * Undefined where no rule can be for any event of the request.
   *
   * @param rules of the tenant, in order
   * @param seed of samples: any 32 bits, other ones for each request
   */
  static of(rules: readonly RoutingRule[], facts: RequestFacts, seed: number): RequestPlan | undefined {
    const own = rules.filter((rule) => rule.enabled && meets(facts, rule.when));
    return own.length === 0 ? undefined : new RequestPlan(own, seed);
  }

  /** Whether all events of the request go the same way, so that none need be looked at. */
  get isOneWay(): boolean {
    for (const { rule, tests } of this.#rules) {
      if (tests.length > 0 || rule.action.sample) return false;
      if (!rule.continue || rule.action.drop) return true;
    }
    return true;
  }

  /**
   * The way of an event, counted under the rules that are for it.
   *
   * @param line without its end
   * @param row in the request, from 0
   * @param events that go this way, where the plan {@link isOneWay}
   * @param hits gets the name of each rule that is for it
   */
  route(line: Buffer, row: number, events = 1, hits?: string[]): Route {
    const seen = new EventLine(line);
    let route: Route = {};
    let isMatched = false;
    for (const planned of this.#rules) {
      if (!planned.tests.every((test) => test(seen))) continue;
      isMatched = true;
      planned.matched += events;
      hits?.push(planned.rule.name);
      route = applied(planned, { route, events, row });
      if (route.dropped !== undefined || !planned.rule.continue) return route;
    }
    if (!isMatched) this.unmatched += events;
    return route;
  }

  /** By name of the rule; those only that were for some event. */
  counts(): ReadonlyMap<string, RuleCounts> {
    const active = this.#rules.filter(({ matched }) => matched > 0);
    return new Map(
      active.map(({ rule, matched, dropped, sampledOut }) => [
        rule.name,
        { matched, dropped, sampled_out: sampledOut },
      ]),
    );
  }
}

interface Application {
  readonly route: Route;
  readonly events: number;
  readonly row: number;
}

function applied(planned: PlannedRule, { route, events, row }: Application): Route {
  const { stream, parser, sample, drop } = planned.rule.action;
  const next = { ...route, ...(stream !== undefined && { stream }), ...(parser !== undefined && { parser }) };
  if (drop) {
    planned.dropped += events;
    return { ...next, dropped: drop.policy };
  }
  if (!sample || isKept(planned.seed, row, sample.one_in)) return next;
  planned.sampledOut += events;
  // What is sampled out is accounted for where it was going before this rule.
  return { ...route, dropped: sample.policy };
}
