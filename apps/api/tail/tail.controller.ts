import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RequireScope } from '../guarding/access-metadata.js';
import { principalOf } from '../guarding/caller.decorator.js';
import { upgradeOf } from '../requests/upgrades.js';
import { sendServerSentEvents, STREAM_HEADERS } from './send-server-sent-events.js';
import { sendSocketMessages } from './send-socket-messages.js';
import { tailRequestSchema, type TailRequest } from './tail-request.schema.js';
import { TailService } from './tail.service.js';

const DESCRIPTION = `Events that fit the conditions, as soon as they are stored and can be searched, whatever their timestamps; each once at most.
As server-sent events: \`log\` with an event's JSON, \`dropped\` with how many were left out since the reader was slow, \`problem\`
with why the answer ends. With \`Upgrade: websocket\` the same as texts: \`{"type":"log","log":{…}}\`, \`{"type":"dropped","dropped":N}\`,
\`{"type":"problem","problem":{…}}\`. The guide of the live tail has more.`;

@ApiTags('Logs')
@Controller('api/v1/logs/tail')
export class TailController {
  constructor(@Inject(TailService) private readonly tails: TailService) {}

  @Get()
  @RequireScope('logs:read')
  @ApiOperation({ summary: 'Follow events as they are stored', description: DESCRIPTION })
  @ApiProduces('text/event-stream')
  @ApiResponse({
    status: 200,
    description: 'The events, until either side ends.',
    schema: { type: 'string' },
  })
  async follow(
    @Query({ schema: tailRequestSchema }) query: TailRequest,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    // Nobody would read the events of a HEAD request.
    if (request.method === 'HEAD') return void (await reply.headers(STREAM_HEADERS).send());
    const { authorization } = request.headers;
    const reader = await this.tails.open({ caller: principalOf(request), authorization }, query);
    const upgrade = upgradeOf(request);
    if (upgrade) sendSocketMessages(request, reply, upgrade, reader);
    else sendServerSentEvents(reply, reader);
  }
}
