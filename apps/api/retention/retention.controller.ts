import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Principal } from '#access';
import { Audited } from '../audit/audited.decorator.js';
import { pick, textOf } from '../audit/audited-change.js';
import { ChangesNothing, RequireScope } from '../guarding/access-metadata.js';
import { Caller } from '../guarding/caller.decorator.js';
import { queryNumber } from '../requests/rule.js';
import {
  appliedSchema,
  applyRequestSchema,
  planRequestSchema,
  planSchema,
  type ApplyRequest,
  type PlanRequestBody,
  type ShownApplied,
  type ShownPlan,
} from './plans.schema.js';
import { RetentionPlansService } from './plans.service.js';
import { MAY_READ, MAY_WRITE } from './retention-scopes.js';
import {
  retentionStatusSchema,
  runListSchema,
  runSchema,
  type ShownRetentionStatus,
  type ShownRun,
  type ShownRuns,
} from './status.schema.js';
import { RetentionStatusService } from './status.service.js';

const runsQuerySchema = z.strictObject({
  limit: queryNumber(100, 1_000).describe('Most runs in the answer.'),
});

/** What would be deleted, what is, and what was. */
@ApiTags('Retention')
@Controller('api/v1/retention')
export class RetentionController {
  constructor(
    @Inject(RetentionPlansService) private readonly plans: RetentionPlansService,
    @Inject(RetentionStatusService) private readonly states: RetentionStatusService,
  ) {}

  @Get('status')
  @RequireScope(MAY_READ)
  @ApiOperation({
    summary: 'What should be there, and what is',
    description:
      'Of each stream, read from the tier now: the oldest day that is wanted and that is there, what is overdue, what holds keep, and what leaves next.',
  })
  @ApiResponse({ status: 200, standardSchema: retentionStatusSchema })
  status(@Caller() caller: Principal): Promise<ShownRetentionStatus> {
    return this.states.status(caller);
  }

  @Post('plan')
  @HttpCode(200)
  @RequireScope(MAY_READ)
  @ChangesNothing('it counts, and keeps what it counted for a day')
  @ApiOperation({
    summary: 'What policies would delete',
    description:
      'By the saved policies, or by others that are to be tried: each day of each stream that would go, with its events, its bytes and why; what holds keep; storage before and after. Events of these days that come later are not of the plan, and stay.',
  })
  @ApiResponse({ status: 200, standardSchema: planSchema })
  plan(
    @Caller() caller: Principal,
    @Body({ schema: planRequestSchema }) request: PlanRequestBody,
  ): Promise<ShownPlan> {
    return this.plans.make(caller, request);
  }

  @Get('plans/:plan')
  @RequireScope(MAY_READ)
  @ApiOperation({
    summary: 'A plan as it was made',
    description: 'Kept for a month; of plans that nobody applied the newest 50.',
  })
  @ApiResponse({ status: 200, standardSchema: planSchema })
  find(@Caller() caller: Principal, @Param('plan') id: string): Promise<ShownPlan> {
    return this.plans.find(caller, id);
  }

  @Post('apply')
  @HttpCode(202)
  @RequireScope(MAY_WRITE)
  @Audited<RetentionController>({
    action: 'retention.apply',
    object: ({ body }) => textOf(body, 'plan'),
    made: (applied, { body }) => ({ ...(applied as object), ...pick(body as object, 'accept_clock') }),
  })
  @ApiOperation({
    summary: 'Apply a plan: delete what it counted',
    description:
      'Saves the policies that it proposed, and begins a job that deletes exactly what the plan counted, but what a hold keeps by then. From the first plan of a tenant on, its policies are applied daily. It is refused where the policies were changed meanwhile.',
  })
  @ApiResponse({ status: 202, description: 'The job was begun.', standardSchema: appliedSchema })
  apply(
    @Caller() caller: Principal,
    @Body({ schema: applyRequestSchema }) request: ApplyRequest,
  ): Promise<ShownApplied> {
    return this.plans.apply(caller, request);
  }

  @Get('runs')
  @RequireScope(MAY_READ)
  @ApiOperation({
    summary: 'What was deleted',
    description: 'Each plan that was applied: when, by whom, how much, and what the tier said afterwards.',
  })
  @ApiResponse({ status: 200, standardSchema: runListSchema })
  runs(
    @Caller() caller: Principal,
    @Query({ schema: runsQuerySchema }) { limit }: z.infer<typeof runsQuerySchema>,
  ): Promise<ShownRuns> {
    return this.states.runs(caller, limit);
  }

  @Get('runs/:run')
  @RequireScope(MAY_READ)
  @ApiOperation({ summary: 'What one plan deleted', description: 'Day by day.' })
  @ApiResponse({ status: 200, standardSchema: runSchema })
  run(@Caller() caller: Principal, @Param('run') id: string): Promise<ShownRun> {
    return this.states.run(caller, id);
  }
}
