import { Body, Controller, Get, HttpCode, Inject, Post, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Principal } from '#access';
import { ChangesNothing, RequireScope } from '../guarding/access-metadata.js';
import { Caller } from '../guarding/caller.decorator.js';
import { exportQuerySchema } from './export-query.schema.js';
import { exportRequestSchema, type ExportRequest } from './export-request.schema.js';
import { ExportService } from './export.service.js';
import { sendFile } from './send-file.js';

const DESCRIPTION = `Every selected event, however many, as a file that is made while it is sent. Without a time, of the last 24 hours.
An answer that was broken off never ends cleanly; as NDJSON or CSV it goes on where it broke: keep its complete lines, and
send the same request with the times of \`Alluvium-Start-Time\` and \`Alluvium-End-Time\` and with \`cursor\`, the timestamp and
the event_id of the last complete line with a comma between them. Events come once each; those that arrive meanwhile
come once or not at all. A Parquet file is made whole on the server's disk before its first byte is sent.`;
const TYPES = ['application/x-ndjson', 'application/json', 'text/csv', 'application/vnd.apache.parquet'];
const FILE = { status: 200, description: 'The file.', schema: { type: 'string', format: 'binary' } } as const;

@ApiTags('Logs')
@Controller('api/v1/logs/export')
export class ExportController {
  constructor(@Inject(ExportService) private readonly exports: ExportService) {}

  @Post()
  @HttpCode(200)
  @RequireScope('logs:read')
  @ChangesNothing('it reads')
  @ApiOperation({ summary: 'Export events', description: DESCRIPTION, operationId: 'exportLogs' })
  @ApiProduces(...TYPES)
  @ApiResponse(FILE)
  async post(
    @Caller() caller: Principal,
    @Body({ schema: exportRequestSchema }) request: ExportRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await sendFile(reply, (signal) => this.exports.export(caller, request, signal));
  }

  @Get()
  @RequireScope('logs:read')
  @ApiOperation({
    summary: 'Export events by a link',
    description: `The same as POST, by query parameters.\n\n${DESCRIPTION}`,
    operationId: 'exportLogsByQuery',
  })
  @ApiProduces(...TYPES)
  @ApiResponse(FILE)
  async get(
    @Caller() caller: Principal,
    @Query({ schema: exportQuerySchema }) request: ExportRequest,
    @Req() { method }: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    // Nobody would read the file of a HEAD request.
    if (method === 'HEAD') await reply.headers(await this.exports.describe(caller, request)).send();
    else await sendFile(reply, (signal) => this.exports.export(caller, request, signal));
  }
}
