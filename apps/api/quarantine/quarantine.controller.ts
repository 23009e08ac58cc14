import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Principal } from '#access';
import type { QuarantineCounts, QuarantineQuery } from '#plugin-kit';
import { TierRegistry } from '#storage-tier';
import { sendFile } from '../export/send-file.js';
import { RequireScope } from '../guarding/access-metadata.js';
import { Caller } from '../guarding/caller.decorator.js';
import { readQuarantineCursor, writeQuarantineCursor } from './quarantine-cursor.js';
import { EXPORT_HEADERS, QuarantineExport } from './quarantine-export.js';
import { QuarantineSelection } from './quarantine-selection.js';
import {
  quarantineCountsSchema,
  quarantineFilterSchema,
  quarantinePageSchema,
  quarantineRequestSchema,
  type QuarantineConditions,
  type QuarantineRequest,
} from './quarantine.schema.js';

@ApiTags('Quarantine')
@Controller('api/v1/quarantine')
export class QuarantineController {
  constructor(
    @Inject(TierRegistry) private readonly tiers: TierRegistry,
    @Inject(QuarantineSelection) private readonly selection: QuarantineSelection,
    @Inject(QuarantineExport) private readonly exports: QuarantineExport,
  ) {}

  @Get()
  @RequireScope('quarantine:read')
  @ApiOperation({
    summary: 'Events that were refused, with their bytes and the reason',
    description:
      'Newest first, by stream, source, reason, parser and time of acceptance. Page by sending the same with `next_cursor` as `cursor`.',
  })
  @ApiResponse({
    status: 200,
    description: 'A page of refused events.',
    standardSchema: quarantinePageSchema,
  })
  async list(
    @Caller() caller: Principal,
    @Query({ schema: quarantineRequestSchema }) request: QuarantineRequest,
  ) {
    const { limit, cursor, ...conditions } = request;
    const asked: QuarantineQuery = { ...(await this.selection.filter(caller, conditions)), limit };
    const query =
      cursor === undefined
        ? asked
        : { ...asked, after: readQuarantineCursor(caller.tenant, conditions, cursor) };
    const { events, more, total } = await this.tiers.searchable.quarantine(query);
    const last = more ? events.at(-1) : undefined;
    const next = last ? writeQuarantineCursor(caller.tenant, conditions, last) : null;
    return { total, events, next_cursor: next };
  }

  @Get('counts')
  @RequireScope('quarantine:read')
  @ApiOperation({
    summary: 'How many events were refused, by reason, source, stream and parser',
    description: 'Of those that meet the conditions. What was replayed or resolved is no longer in it.',
  })
  @ApiResponse({ status: 200, standardSchema: quarantineCountsSchema })
  async counts(
    @Caller() caller: Principal,
    @Query({ schema: quarantineFilterSchema }) conditions: QuarantineConditions,
  ): Promise<QuarantineCounts> {
    return this.selection.counts(await this.selection.filter(caller, conditions));
  }

  @Get('export')
  @RequireScope('quarantine:read')
  @ApiOperation({
    summary: 'Export refused events',
    description:
      'Every one that meets the conditions, oldest first, as lines of JSON that are made while they are sent. An answer that was broken off never ends cleanly.',
  })
  @ApiProduces('application/x-ndjson')
  @ApiResponse({ status: 200, description: 'The file.', schema: { type: 'string', format: 'binary' } })
  async export(
    @Caller() caller: Principal,
    @Query({ schema: quarantineFilterSchema }) conditions: QuarantineConditions,
    @Req() { method }: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const filter = await this.selection.filter(caller, conditions);
    if (method === 'HEAD') await reply.headers(EXPORT_HEADERS).send();
    else await sendFile(reply, (signal) => this.exports.open(caller, filter, signal));
  }
}
