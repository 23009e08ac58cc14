import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#access';
import type { FramedLines } from '#event-bus';
import { nowNs } from '#event-model';
import type { RequestFacts } from '#routing';
import { RequestRouter, type RoutedRequest } from '../routing/request-router.js';
import { DestinationFinder, type Destination } from './destination-finder.js';
import { EventAppender, type Acceptance, type Shipment } from './event-appender.js';
import { EventFramer } from './event-framer.js';
import type { EventLayout } from './event-layout.js';
import type { IngestHeaders } from './ingest-headers.js';
import { checkEvents, type CheckedPart } from './strict-check.js';

/** Events of one request, as they came. */
export interface IngestRequest {
  readonly principal: Principal;
  /** Default: the key's default stream. */
  readonly stream: string | undefined;
  readonly headers: IngestHeaders;
  readonly layout: EventLayout;
  /** The input that they came by. */
  readonly input?: string;
  /** Address of who sent them to the input, where its transport tells. */
  readonly peer?: string;
  /** Decoded; its bytes may be moved. */
  readonly body: Uint8Array;
}

/** Takes the events of a request whole, or refuses them whole. */
@Injectable()
export class IngestService {
  constructor(
    @Inject(DestinationFinder) private readonly destinations: DestinationFinder,
    @Inject(EventFramer) private readonly framer: EventFramer,
    @Inject(RequestRouter) private readonly router: RequestRouter,
    @Inject(EventAppender) private readonly appender: EventAppender,
  ) {}

  /**
   * Resolves when the events are durable.
   *
   * @throws Problem, EventBusError, StreamError: nothing was written, unless the code is `outcome_unknown`.
   */
  async accept(request: IngestRequest): Promise<Acceptance> {
    const { principal, layout } = request;
    const destination = await this.destinations.find(principal, request.stream);
    const target = { tenant: principal.tenant, stream: destination.name };
    const framed = await this.framer.frame(request.body, layout, target);
    const routed = await this.router.route(principal.tenant, factsOf(request, destination.name), framed);
    if (layout.strict) await checkEvents(checkedParts(framed, destination, routed), nowNs());
    await this.destinations.make(principal, destination);
    const shipment = shipmentOf(request, destination.name, framed);
    const acceptance = await this.appender.append(routed ? { ...shipment, parts: routed.parts } : shipment);
    if (routed && !acceptance.replayed) this.router.count(principal.tenant, routed);
    return acceptance;
  }
}

/** What routing rules may ask for. */
function factsOf({ principal, headers, layout, input }: IngestRequest, stream: string): RequestFacts {
  const { keyName, source } = principal;
  const sender = input === undefined ? { key: keyName } : { input };
  const format = layout.form === 'text' ? 'text' : 'json';
  return { stream, source: headers.source ?? source, format, parser: layout.parser, ...sender };
}

/** The events, each group with the type that it is checked against. */
function checkedParts(
  framed: FramedLines,
  { eventType }: Destination,
  routed: RoutedRequest | undefined,
): readonly CheckedPart[] {
  if (!routed) return [{ ...framed, eventType }];
  const kept = routed.parts.filter(({ dropped }) => dropped === undefined);
  return kept.map((part) => ({ ...part, eventType: routed.eventTypes.get(part.stream) ?? eventType }));
}

function shipmentOf(request: IngestRequest, stream: string, framed: FramedLines): Shipment {
  const { principal, headers, layout } = request;
  return {
    bearer: { tenant: principal.tenant, keyId: principal.keyId, stream },
    source: headers.source ?? principal.source,
    format: layout.format,
    parser: layout.parser,
    zone: layout.zone,
    peer: request.peer,
    body: framed.body,
    count: framed.count,
    idempotencyKey: headers.idempotencyKey,
    traceparent: headers.traceparent,
  };
}
