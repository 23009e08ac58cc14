import { Body, Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Principal } from '#access';
import type { QuarantineAction } from '#ledger';
import { Audited } from '../audit/audited.decorator.js';
import { textOf } from '../audit/audited-change.js';
import { RequireScope } from '../guarding/access-metadata.js';
import { Caller } from '../guarding/caller.decorator.js';
import { QuarantineActionsService } from './quarantine-actions.service.js';
import {
  actionListSchema,
  begunJobSchema,
  replayRequestSchema,
  resolveRequestSchema,
  type BegunJob,
  type ReplayRequest,
  type ResolveRequest,
} from './quarantine.schema.js';

@ApiTags('Quarantine')
@Controller('api/v1/quarantine')
export class QuarantineActionsController {
  constructor(@Inject(QuarantineActionsService) private readonly service: QuarantineActionsService) {}

  @Post('replay')
  @HttpCode(202)
  @RequireScope('streams:admin')
  @Audited<QuarantineActionsController>({
    action: 'quarantine.replay',
    object: (_, begun) => textOf(begun, 'job'),
    made: (begun, { body }) => ({ asked: body, ...(begun as BegunJob) }),
  })
  @ApiOperation({
    summary: 'Send refused events their way again, after a mend',
    description:
      'A job. Each goes through its parser and its type as if it came now, with the identity and the time of acceptance that it has: what passes is in its stream and no longer in quarantine, what is refused again stays, with the new reason. However often it is asked for, and whatever ends the server meanwhile, no event is stored twice.',
  })
  @ApiResponse({ status: 202, description: 'The job was begun.', standardSchema: begunJobSchema })
  replay(
    @Caller() caller: Principal,
    @Body({ schema: replayRequestSchema }) { filter, parser }: ReplayRequest,
  ): Promise<BegunJob> {
    return this.service.begin(caller, { kind: 'replay', conditions: filter, parser });
  }

  @Post('resolve')
  @HttpCode(202)
  @RequireScope('streams:admin')
  @Audited<QuarantineActionsController>({
    action: 'quarantine.resolve',
    object: (_, begun) => textOf(begun, 'job'),
    made: (begun, { body }) => ({ asked: body, ...(begun as BegunJob) }),
  })
  @ApiOperation({
    summary: 'Take refused events out of quarantine for good',
    description:
      'A job. Their bytes are gone then, so export them first where they may be wanted. The ledger and receipts count them as dropped by the policy `resolved`; who asked for it, when and why is kept.',
  })
  @ApiResponse({ status: 202, description: 'The job was begun.', standardSchema: begunJobSchema })
  resolve(
    @Caller() caller: Principal,
    @Body({ schema: resolveRequestSchema }) { filter, note }: ResolveRequest,
  ): Promise<BegunJob> {
    return this.service.begin(caller, { kind: 'resolve', conditions: filter, note });
  }

  @Get('actions')
  @RequireScope(['quarantine:read', 'streams:admin'])
  @ApiOperation({
    summary: 'Who replayed or resolved what, when, and what came of it',
    description: 'The newest 200, the last one first.',
  })
  @ApiResponse({ status: 200, standardSchema: actionListSchema })
  async actions(@Caller() caller: Principal): Promise<{ readonly actions: readonly QuarantineAction[] }> {
    return { actions: await this.service.list(caller) };
  }
}
