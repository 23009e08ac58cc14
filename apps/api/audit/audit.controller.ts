import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Principal } from '#access';
import { sendFile } from '../export/send-file.js';
import { RequireScope } from '../guarding/access-metadata.js';
import { Caller } from '../guarding/caller.decorator.js';
import { whileClientListens } from '../requests/client-gone.js';
import {
  auditFilterSchema,
  auditPageSchema,
  auditRequestSchema,
  verificationSchema,
  verifyRequestSchema,
  type AuditConditions,
  type AuditPageAnswer,
  type AuditRequest,
  type Verification,
  type VerifyRequest,
} from './audit.schema.js';
import { AuditService, EXPORT_HEADERS } from './audit.service.js';

@ApiTags('Audit')
@Controller('api/v1/audit')
export class AuditController {
  constructor(@Inject(AuditService) private readonly service: AuditService) {}

  @Get()
  @RequireScope(['audit:read', 'system'])
  @ApiOperation({
    summary: 'Who changed what, and when',
    description:
      'Every administrative change, the newest first, whoever made it. A key with `system` sees all of it, others what is about their tenant. Page by sending the same with `next_cursor` as `cursor`.',
  })
  @ApiResponse({ status: 200, description: 'A page of entries.', standardSchema: auditPageSchema })
  list(
    @Caller() caller: Principal,
    @Query({ schema: auditRequestSchema }) request: AuditRequest,
  ): Promise<AuditPageAnswer> {
    return this.service.list(caller, request);
  }

  @Get('export')
  @RequireScope(['audit:read', 'system'])
  @ApiOperation({
    summary: 'Export the audit record',
    description:
      'Every entry that meets the conditions, the newest first, as lines of JSON that are made while they are sent. An answer that was broken off never ends cleanly.',
  })
  @ApiProduces('application/x-ndjson')
  @ApiResponse({ status: 200, description: 'The file.', schema: { type: 'string', format: 'binary' } })
  async export(
    @Caller() caller: Principal,
    @Query({ schema: auditFilterSchema }) conditions: AuditConditions,
    @Req() { method }: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (method === 'HEAD') await reply.headers(EXPORT_HEADERS).send();
    else await sendFile(reply, (signal) => this.service.export(caller, conditions, signal));
  }

  @Get('verify')
  @RequireScope(['audit:read', 'system'])
  @ApiOperation({
    summary: 'Whether anybody rewrote the audit record',
    description:
      'Walks the whole chain: an entry that was changed, removed, added or moved is found, and named. Whoever can write to the data directory could make a new chain as a whole: so note `head` elsewhere now and then, and send it as `from` and `hash` later.',
  })
  @ApiResponse({ status: 200, standardSchema: verificationSchema })
  verify(
    @Query({ schema: verifyRequestSchema }) request: VerifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Verification> {
    return whileClientListens(reply.raw, (signal) => this.service.verify(request, signal));
  }
}
