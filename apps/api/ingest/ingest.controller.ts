import { Controller, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Principal } from '#access';
import { ChangesNothing, RequireScope } from '../guarding/access-metadata.js';
import { principalOf } from '../guarding/caller.decorator.js';
import { ReceiptDesk } from '../receipts/receipt-desk.js';
import { AckMeter } from './ack-meter.js';
import type { Acceptance } from './event-appender.js';
import { LayoutReader } from './event-layout.js';
import { readIngestHeaders, type IngestHeaders } from './ingest-headers.js';
import { readIngestQuery, type IngestQuery } from './ingest-query.schema.js';
import { ApiEvents } from './ingest.openapi.js';
import { IngestService } from './ingest.service.js';

const JSON_TYPE = 'application/json; charset=utf-8';

/** Takes events. Unless it is strict, a body is never parsed here: it goes to the bus as the bytes that came. */
@ApiTags('Events')
@Controller('api/v1')
export class IngestController {
  constructor(
    @Inject(IngestService) private readonly ingest: IngestService,
    @Inject(ReceiptDesk) private readonly receipts: ReceiptDesk,
    @Inject(LayoutReader) private readonly layouts: LayoutReader,
    @Inject(AckMeter) private readonly meter: AckMeter,
  ) {}

  @Post('events')
  @RequireScope('events:write', { body: 'events' })
  @ChangesNothing('it takes events, which the ledger accounts for')
  @ApiEvents("Send events to the key's default stream")
  sendToDefault(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.send(request, reply);
  }

  @Post('streams/:stream/events')
  @RequireScope('events:write', { body: 'events' })
  @ChangesNothing('it takes events, which the ledger accounts for')
  @ApiEvents('Send events to a stream')
  sendToStream(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('stream') stream: string,
  ): Promise<void> {
    return this.send(request, reply, stream);
  }

  private async send(request: FastifyRequest, reply: FastifyReply, stream?: string): Promise<void> {
    const principal = principalOf(request);
    const headers = readIngestHeaders(request.headers);
    const query = readIngestQuery(request.query);
    const acceptance = await this.accept(request, { principal, stream, headers, query });
    const { wait } = headers;
    const verdicts =
      wait === undefined
        ? undefined
        : await this.receipts.settled(principal.tenant, acceptance.receipt, wait);
    addHeaders(reply, acceptance);
    if (verdicts) void reply.header('preference-applied', `wait=${wait}`);
    const answer = verdicts ? { receipt: acceptance.receipt, ...verdicts } : acknowledgement(acceptance);
    void reply.code(verdicts ? 200 : 202).send(JSON.stringify(answer));
  }

  /** What came is forgotten when it is durable: whoever waits for the verdicts holds no body meanwhile. */
  private async accept(request: FastifyRequest, asked: Asked): Promise<Acceptance> {
    const { principal, stream, headers, query } = asked;
    const body = bodyOf(request);
    request.body = undefined;
    try {
      return await this.meter.measure(body.length, () => {
        const layout = this.layouts.read(request.headers['content-type'], query);
        return this.ingest.accept({ principal, stream, headers, layout, body });
      });
    } finally {
      request.bodyHold?.release();
    }
  }
}

/** What the parts of a request besides its body say. */
interface Asked {
  readonly principal: Principal;
  readonly stream: string | undefined;
  readonly headers: IngestHeaders;
  readonly query: IngestQuery;
}

/** A request without a body has none to parse. */
function bodyOf({ body }: FastifyRequest): Buffer {
  return body instanceof Buffer ? body : Buffer.alloc(0);
}

function addHeaders(reply: FastifyReply, { receipt, replayed }: Acceptance): void {
  void reply.header('content-type', JSON_TYPE).header('location', `/api/v1/receipts/${receipt}`);
  if (replayed) void reply.header('idempotency-replayed', 'true');
}

function acknowledgement({ receipt, accepted }: Acceptance): Pick<Acceptance, 'receipt' | 'accepted'> {
  return { receipt, accepted };
}
