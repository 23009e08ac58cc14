import { randomInt } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { FramedLines, RequestPart } from '#event-bus';
import type { EventTypeDeclaration } from '#event-model';
import { inTurns, RedactionRules } from '#redaction';
import { RequestPlan, routeLines, RoutingRules, type RequestFacts, type SentTo } from '#routing';
import { StreamRegistry } from '#storage-tier';
import { Problem } from '../problems/problem.js';
import { requireTakesEvents } from '../streams/require-takes-events.js';
import { RoutingCounters } from './routing-counters.js';

/** Seeds of samples. */
const SEEDS = 2 ** 32;

/** Where the events of a request go. */
export interface RoutedRequest {
  readonly parts: readonly RequestPart[];
  /** Of the streams that rules send them to. */
  readonly eventTypes: ReadonlyMap<string, EventTypeDeclaration>;
  /** What the rules did, to be counted when the events are durable. */
  readonly plan: RequestPlan;
}

/**
 * Asks a tenant's rules where the events of a request go, before anything is written: what is decided here is written
 * together, or not at all, and never decided again.
 */
@Injectable()
export class RequestRouter {
  constructor(
    @Inject(RoutingRules) private readonly rules: RoutingRules,
    @Inject(RedactionRules) private readonly redactions: RedactionRules,
    @Inject(StreamRegistry) private readonly streams: StreamRegistry,
    @Inject(RoutingCounters) private readonly counters: RoutingCounters,
  ) {}

  /**
   * Undefined where no rule is for the request: all goes where it was sent.
   *
   * @throws Problem `stream_unknown` where a rule names a stream that is gone, `stream_read_only`
   */
  async route(tenant: string, facts: RequestFacts, framed: FramedLines): Promise<RoutedRequest | undefined> {
    const { rules } = await this.rules.read(tenant);
    const plan = rules.length === 0 ? undefined : RequestPlan.of(rules, facts, randomInt(SEEDS));
    if (!plan) return undefined;
    const sent = { stream: facts.stream, ...(facts.parser !== undefined && { parser: facts.parser }) };
    const parts = await inTurns(routeLines(framed, plan, sent));
    const eventTypes = await this.#typesOf(tenant, sent, parts);
    return { parts: await this.#redacted(tenant, sent, parts), eventTypes, plan };
  }

  /** Counts what the rules did. */
  count(tenant: string, { plan }: RoutedRequest): void {
    this.counters.add(tenant, plan);
  }

  async #typesOf(
    tenant: string,
    sent: SentTo,
    parts: readonly RequestPart[],
  ): Promise<RoutedRequest['eventTypes']> {
    const names = new Set(parts.map(({ stream }) => stream));
    names.delete(sent.stream);
    const types = new Map<string, EventTypeDeclaration>();
    for (const name of names) {
      const stream = await this.streams.find(tenant, name);
      if (!stream)
        throw new Problem(
          'stream_unknown',
          `A rule sends events to the stream "${name}", which is not there.`,
        );
      requireTakesEvents(stream);
      types.set(name, stream.eventType);
    }
    return types;
  }

  /** Events that move to another stream lose what its own rules take out, too. */
  async #redacted(
    tenant: string,
    sent: SentTo,
    parts: readonly RequestPart[],
  ): Promise<readonly RequestPart[]> {
    const redacted: RequestPart[] = [];
    for (const part of parts) {
      const kept = part.dropped === undefined;
      const redactor = kept && (await this.redactions.redactorAfterMove(tenant, sent.stream, part.stream));
      redacted.push(redactor ? { ...part, body: await inTurns(redactor.body(part.body)) } : part);
    }
    return redacted;
  }
}
