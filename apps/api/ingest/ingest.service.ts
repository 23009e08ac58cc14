import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#access';
import type { FramedLines } from '#event-bus';
import { Admission } from './admission.js';
import { DestinationFinder } from './destination-finder.js';
import { EventAppender, type Acceptance, type Shipment } from './event-appender.js';
import { EventFramer } from './event-framer.js';
import type { IngestHeaders } from './ingest-headers.js';

/** Events of one request, as they came. */
export interface IngestRequest {
  readonly principal: Principal;
  /** Default: the key's default stream. */
  readonly stream: string | undefined;
  readonly headers: IngestHeaders;
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
    const stream = await this.destinations.find(request.principal, request.stream);
    return this.#write(shipmentOf(request, stream, this.framer.frame(request.body)));
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
  const { principal, headers } = request;
  return {
    bearer: { tenant: principal.tenant, keyId: principal.keyId, stream },
    source: headers.source ?? principal.source,
    body: framed.body,
    count: framed.count,
    idempotencyKey: headers.idempotencyKey,
    traceparent: headers.traceparent,
  };
}
