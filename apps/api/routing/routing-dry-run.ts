import { setImmediate as nextTurn } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#access';
import { AUTO_PARSER } from '#plugin-kit';
import { RedactionRules } from '#redaction';
import { RequestPlan, type RequestFacts, type Route, type RoutingRule } from '#routing';
import { DestinationFinder, type Destination } from '../ingest/destination-finder.js';
import { LineJudge, type JudgedLine } from './line-judge.js';
import type { RoutedLine, RoutingDryRunAnswer, RoutingDryRunRequest } from './routing-dry-run.schema.js';
import { RulesService } from './rules.service.js';

/** Any seed: samples are shown, not drawn. */
const SEED = 0;

/** Says where events would go, without storing or counting them. */
@Injectable()
export class RoutingDryRun {
  constructor(
    @Inject(RulesService) private readonly rules: RulesService,
    @Inject(RedactionRules) private readonly redactions: RedactionRules,
    @Inject(DestinationFinder) private readonly destinations: DestinationFinder,
    @Inject(LineJudge) private readonly judge: LineJudge,
  ) {}

  /**
   * One result for each line, in order.
   *
   * @throws Problem `invalid_request`, `stream_unknown`, `forbidden`, and those of a parser's dry run
   */
  async run(caller: Principal, request: RoutingDryRunRequest): Promise<RoutingDryRunAnswer> {
    const rules = await this.rules.inForce(caller, request.rules);
    const destination = await this.destinations.find(caller, request.stream);
    const facts = factsOf(caller, request, destination.name);
    const lines = await this.#linesOf(caller, request, facts);
    const plan = RequestPlan.of(rules.map(withoutSample), facts, SEED);
    const routed: (JudgedLine & { readonly rules: readonly string[]; readonly route: Route })[] = [];
    for (const [row, line] of lines.entries()) {
      const hits: string[] = [];
      const route = plan?.route(line, row, 1, hits) ?? {};
      const { name, eventType } = await this.#destination(caller, destination, route);
      const parser = facts.format === 'text' ? (route.parser ?? facts.parser) : undefined;
      const moved = await this.redactions.redactorAfterMove(caller.tenant, facts.stream, name);
      routed.push({ line: moved?.line(line)?.line ?? line, rules: hits, route, eventType, parser });
      await nextTurn();
    }
    const judged = await this.judge.judge(routed.filter(({ route }) => route.dropped === undefined));
    const results = routed.map((one) => ({
      ...shownRoute(one, rules, destination.name),
      ...resultOf(judged.get(one.line)),
    }));
    return { results };
  }

  async #linesOf(
    { tenant }: Principal,
    { lines, events = [] }: RoutingDryRunRequest,
    { stream }: RequestFacts,
  ): Promise<readonly Buffer[]> {
    const redactor = await this.redactions.redactor(tenant, stream, 'accept');
    const sent = (lines ?? events.map((event) => JSON.stringify(event))).map((line) => Buffer.from(line));
    return sent.map((line) => redactor?.line(line)?.line ?? line);
  }

  #destination(caller: Principal, sentTo: Destination, { stream }: Route): Promise<Destination> {
    if (stream === undefined || stream === sentTo.name) return Promise.resolve(sentTo);
    return this.destinations.find(caller, stream);
  }
}

function factsOf(caller: Principal, request: RoutingDryRunRequest, stream: string): RequestFacts {
  const { source = caller.source, input, key = caller.keyName, parser = AUTO_PARSER } = request;
  const sender = input === undefined ? { key } : { input };
  if (request.events || request.format === 'json') return { stream, source, format: 'json', ...sender };
  return { stream, source, format: 'text', parser, ...sender };
}

function withoutSample(rule: RoutingRule): RoutingRule {
  return { ...rule, action: { ...rule.action, sample: undefined } };
}

interface Shown {
  readonly rules: readonly string[];
  readonly route: Route;
  readonly eventType: { readonly name: string };
}

function shownRoute({ rules: hits, route, eventType }: Shown, rules: readonly RoutingRule[], sentTo: string) {
  const samples = rules.flatMap(({ name, action }) =>
    action.sample && hits.includes(name) ? [{ rule: name, ...action.sample }] : [],
  );
  return {
    ...{ rules: [...hits], stream: route.stream ?? sentTo, event_type: eventType.name },
    ...{ dropped: route.dropped ?? null, samples },
  };
}

function resultOf(result: RoutedLine['result']): Pick<RoutedLine, 'result'> {
  return result === undefined ? {} : { result };
}
