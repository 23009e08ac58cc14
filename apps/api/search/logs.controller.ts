import { Body, Controller, Get, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Principal } from '#access';
import type { EventPage, StoredEvent } from '#plugin-kit';
import { RequireScope } from '../guarding/access-metadata.js';
import { Caller } from '../guarding/caller.decorator.js';
import { whileClientListens } from '../requests/client-gone.js';
import { logSchema, logsPageSchema, logsRequestSchema, type LogsRequest } from './logs-request.schema.js';
import { LogsService } from './logs.service.js';

@ApiTags('Logs')
@Controller('api/v1/logs')
export class LogsController {
  constructor(@Inject(LogsService) private readonly logs: LogsService) {}

  @Post()
  @HttpCode(200)
  @RequireScope('logs:read')
  @ApiOperation({ summary: 'Search events', description: 'Of the last 24 hours, unless a time is given.' })
  @ApiResponse({ status: 200, standardSchema: logsPageSchema })
  async search(
    @Caller() caller: Principal,
    @Body({ schema: logsRequestSchema }) request: LogsRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return toAnswer(
      await whileClientListens(reply.raw, (signal) => this.logs.search(caller, request, signal)),
    );
  }

  @Get(':event_id')
  @RequireScope('logs:read')
  @ApiOperation({ summary: 'One event by its id' })
  @ApiResponse({ status: 200, standardSchema: logSchema })
  find(@Caller() caller: Principal, @Param('event_id') eventId: string): Promise<StoredEvent> {
    return this.logs.find(caller, eventId);
  }
}

function toAnswer({ events, total, totalIsExact, stats }: EventPage) {
  return {
    total,
    total_is_exact: totalIsExact,
    logs: events,
    next_cursor: null,
    stats: { rows_read: stats.rowsRead, bytes_read: stats.bytesRead, elapsed_ms: stats.elapsedMs },
  };
}
