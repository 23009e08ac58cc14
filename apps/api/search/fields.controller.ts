import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Principal } from '#access';
import { RequireScope } from '../guarding/access-metadata.js';
import { Caller } from '../guarding/caller.decorator.js';
import { whileClientListens } from '../requests/client-gone.js';
import { fieldsAnswerSchema, fieldsRequestSchema, type FieldsRequest } from './fields-request.schema.js';
import { FieldsService } from './fields.service.js';

const DESCRIPTION = `Names, types, how many events have them, how many distinct values, and the most frequent ones. Declared fields are
counted over all selected events; undeclared ones are looked for in a sample, whose size the answer says. With \`field\`,
that one over all selected events. Without a time, of the last 24 hours.`;

@ApiTags('Logs')
@Controller('api/v1/fields')
export class FieldsController {
  constructor(@Inject(FieldsService) private readonly fields: FieldsService) {}

  @Get()
  @RequireScope('logs:read')
  @ApiOperation({ summary: 'Fields that events have', description: DESCRIPTION })
  @ApiResponse({ status: 200, description: 'The fields.', standardSchema: fieldsAnswerSchema })
  list(
    @Caller() caller: Principal,
    @Query({ schema: fieldsRequestSchema }) request: FieldsRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return whileClientListens(reply.raw, (signal) => this.fields.describe(caller, request, signal));
  }
}
