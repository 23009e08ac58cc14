import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Principal } from '#access';
import { formatTimestamp } from '#event-model';
import type { StoredEvent } from '#plugin-kit';
import { ChangesNothing, RequireScope } from '../guarding/access-metadata.js';
import { Caller } from '../guarding/caller.decorator.js';
import { whileClientListens } from '../requests/client-gone.js';
import { ContextService } from './context.service.js';
import {
  contextRequestSchema,
  contextSchema,
  logSchema,
  logsPageSchema,
  logsQuerySchema,
  logsRequestSchema,
  type ContextRequest,
  type LogsQuery,
  type LogsRequest,
} from './logs-request.schema.js';
import { shownStats } from './shown-stats.js';
import { LogsService, type LogsPage } from './logs.service.js';

const DESCRIPTION = `Events of the last 24 hours, unless a time is given, newest first. All conditions must hold. \`search\` is for words of the
message, \`query\` for anything, \`filters\` for exact values. Page by sending the same search with \`next_cursor\` as \`cursor\`.`;
const GET_DESCRIPTION = `${DESCRIPTION}

Such as \`/api/v1/logs?start_time=now-1h&level=error,fatal&filter=status:500&filter=status:503&limit=20\`.`;

@ApiTags('Logs')
@Controller('api/v1/logs')
export class LogsController {
  constructor(
    @Inject(LogsService) private readonly logs: LogsService,
    @Inject(ContextService) private readonly contexts: ContextService,
  ) {}

  @Post()
  @HttpCode(200)
  @RequireScope('logs:read')
  @ChangesNothing('it reads')
  @ApiOperation({ summary: 'Search events', description: DESCRIPTION })
  @ApiResponse({ status: 200, description: 'A page of events.', standardSchema: logsPageSchema })
  search(
    @Caller() caller: Principal,
    @Body({ schema: logsRequestSchema }) request: LogsRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.#answer(caller, request, reply);
  }

  @Get()
  @RequireScope('logs:read')
  @ApiOperation({ summary: 'Search events by a link', description: GET_DESCRIPTION })
  @ApiResponse({ status: 200, description: 'A page of events.', standardSchema: logsPageSchema })
  searchByLink(
    @Caller() caller: Principal,
    @Query({ schema: logsQuerySchema }) request: LogsQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.#answer(caller, request, reply);
  }

  @Get(':event_id')
  @RequireScope('logs:read')
  @ApiOperation({
    summary: 'One event by its id',
    description: 'With `original`, its line as it was sent, where the stream keeps it.',
  })
  @ApiResponse({ status: 200, description: 'The event.', standardSchema: logSchema })
  find(@Caller() caller: Principal, @Param('event_id') eventId: string): Promise<StoredEvent> {
    return this.logs.find(caller, eventId);
  }

  @Get(':event_id/context')
  @RequireScope('logs:read')
  @ApiOperation({
    summary: 'The events around one',
    description: 'Of the same stream, before and after it in time, all oldest first.',
  })
  @ApiResponse({
    status: 200,
    description: 'The event between its neighbours.',
    standardSchema: contextSchema,
  })
  context(
    @Caller() caller: Principal,
    @Param('event_id') eventId: string,
    @Query({ schema: contextRequestSchema }) request: ContextRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return whileClientListens(reply.raw, (signal) => this.contexts.around(caller, eventId, request, signal));
  }

  async #answer(caller: Principal, request: LogsRequest, reply: FastifyReply) {
    return toAnswer(
      await whileClientListens(reply.raw, (signal) => this.logs.search(caller, request, signal)),
    );
  }
}

function toAnswer({ events, total, totalIsExact, nextCursor, scanned, streams, stats }: LogsPage) {
  const { from, to } = scanned;
  return {
    total,
    total_is_exact: totalIsExact,
    logs: events,
    next_cursor: nextCursor,
    stats: {
      ...shownStats(stats),
      scanned: { streams, from: formatTimestamp(from), to: formatTimestamp(to) },
    },
  };
}
