import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Principal } from '#access';
import { Audited } from '../audit/audited.decorator.js';
import { ChangesNothing, RequireScope } from '../guarding/access-metadata.js';
import { Caller } from '../guarding/caller.decorator.js';
import { begunJobSchema, type BegunJob } from '../quarantine/quarantine.schema.js';
import { ReparsePlanner } from './reparse-planner.js';
import {
  reparsePlanSchema,
  reparseReportSchema,
  reparseRequestSchema,
  type ReparsePlan,
  type ReparseRequest,
  type ShownReparseReport,
} from './reparse.schema.js';
import { ReparseService } from './reparse.service.js';

@ApiTags('Workbench')
@Controller('api/v1/streams/:stream/reparse')
export class ReparseController {
  constructor(
    @Inject(ReparsePlanner) private readonly planner: ReparsePlanner,
    @Inject(ReparseService) private readonly service: ReparseService,
  ) {}

  @Post('plan')
  @HttpCode(200)
  @RequireScope('streams:admin')
  @ChangesNothing('a dry run')
  @ApiOperation({
    summary: 'What parsing stored events again would do',
    description:
      'Day by day: how many events, what there is of each to be read, who read it before, what stays as it is and why, and the room on disk that it takes. Nothing is changed.',
  })
  @ApiResponse({ status: 200, standardSchema: reparsePlanSchema })
  plan(
    @Caller() caller: Principal,
    @Param('stream') stream: string,
    @Body({ schema: reparseRequestSchema }) request: ReparseRequest,
  ): Promise<ReparsePlan> {
    return this.planner.plan(caller, stream, request);
  }

  @Post()
  @HttpCode(202)
  @RequireScope('streams:admin')
  @Audited<ReparseController>({
    action: 'stream.reparse',
    made: (begun, { body }) => ({ asked: body, ...(begun as BegunJob) }),
  })
  @ApiOperation({
    summary: 'Parse stored events again, after a mend',
    description:
      'A job; one for each stream at a time. Each event goes through its parser, redaction, enrichment and its type again, and keeps its id, its source, its time of acceptance and its day. One that is refused now, or whose time would be of another day, stays as it is. While it runs each event is found exactly once: a day is put in place as a whole. Ingest goes on.',
  })
  @ApiResponse({ status: 202, description: 'The job was begun.', standardSchema: begunJobSchema })
  begin(
    @Caller() caller: Principal,
    @Param('stream') stream: string,
    @Body({ schema: reparseRequestSchema }) request: ReparseRequest,
  ): Promise<BegunJob> {
    return this.service.begin(caller, stream, request);
  }

  @Get()
  @RequireScope('streams:admin')
  @ApiOperation({
    summary: 'What the last job that parsed stored events again has done',
    description: 'The finished days, and why events stayed as they were.',
  })
  @ApiResponse({ status: 200, standardSchema: reparseReportSchema })
  report(@Caller() caller: Principal, @Param('stream') stream: string): Promise<ShownReparseReport> {
    return this.service.report(caller, stream);
  }
}
