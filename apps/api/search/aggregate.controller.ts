import { Body, Controller, HttpCode, Inject, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Principal } from '#access';
import { ChangesNothing, RequireScope } from '../guarding/access-metadata.js';
import { Caller } from '../guarding/caller.decorator.js';
import { whileClientListens } from '../requests/client-gone.js';
import {
  aggregateAnswerSchema,
  aggregateRequestSchema,
  type AggregateRequest,
} from './aggregate-request.schema.js';
import { AggregateService } from './aggregate.service.js';

const DESCRIPTION = `Counts, sums, averages, extremes, distinct values and percentiles of the selected events, of all streams together:
in one bucket, by interval, by the values of fields, or both. Without a time, of the last 24 hours.`;

@ApiTags('Logs')
@Controller('api/v1/logs')
export class AggregateController {
  constructor(@Inject(AggregateService) private readonly aggregates: AggregateService) {}

  @Post('aggregate')
  @HttpCode(200)
  @RequireScope('logs:read')
  @ChangesNothing('it reads')
  @ApiOperation({ summary: 'Compute figures over events', description: DESCRIPTION })
  @ApiResponse({ status: 200, description: 'The buckets.', standardSchema: aggregateAnswerSchema })
  aggregate(
    @Caller() caller: Principal,
    @Body({ schema: aggregateRequestSchema }) request: AggregateRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return whileClientListens(reply.raw, (signal) => this.aggregates.aggregate(caller, request, signal));
  }
}
