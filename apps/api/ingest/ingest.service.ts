import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#access';
import type { FramedLines } from '#event-bus';
import { nowNs } from '#event-model';
import { Admission } from './admission.js';
import { DestinationFinder } from './destination-finder.js';
import { EventAppender, type Acceptance, type Shipment } from './event-appender.js';
import { EventFramer } from './event-framer.js';
import type { EventLayout } from './event-layout.js';
import type { IngestHeaders } from './ingest-headers.js';
import { checkEvents } from './strict-check.js';

/** Events of one request, as they came. */
export interface IngestRequest {
  readonly principal: Principal;
  /** Default: the key's default stream. */
  readonly stream: string | undefined;
  readonly headers: IngestHeaders;
  readonly layout: EventLayout;
  /** Decoded; its bytes may be moved. */
  readonly body: Uint8Array;
}

/** Takes the events of a request whole, or refuses them whole. */
@Injectable()
export class IngestService {
  constructor(
    @Inject(DestinationFinder) private readonly destinations: DestinationFinder,
    @Inject(EventFramer) private readonly framer: EventFramer,
    @Inject(Admission) private readonly admission: Admission,
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
    if (layout.strict) await checkEvents(framed, { eventType: destination.eventType, receivedAt: nowNs() });
    await this.destinations.make(principal, destination);
    return this.#write(shipmentOf(request, destination.name, framed));
  }

  async #write(shipment: Shipment): Promise<Acceptance> {
    const bytes = shipment.body.length;
    await this.admission.enter(bytes);
    let written = false;
    try {
      const acceptance = await this.appender.append(shipment);
      written = !acceptance.replayed;
      return acceptance;
    } finally {
      this.admission.leave(bytes, written);
    }
  }
}

function shipmentOf(request: IngestRequest, stream: string, framed: FramedLines): Shipment {
  const { principal, headers, layout } = request;
  return {
    bearer: { tenant: principal.tenant, keyId: principal.keyId, stream },
    source: headers.source ?? principal.source,
    format: layout.format,
    parser: layout.parser,
    zone: layout.zone,
    body: framed.body,
    count: framed.count,
    idempotencyKey: headers.idempotencyKey,
    traceparent: headers.traceparent,
  };
}
