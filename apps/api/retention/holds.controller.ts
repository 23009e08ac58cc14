import { Body, Controller, Delete, Get, Inject, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Principal } from '#access';
import { Audited } from '../audit/audited.decorator.js';
import { pick, textOf, without } from '../audit/audited-change.js';
import { RequireScope } from '../guarding/access-metadata.js';
import { Caller } from '../guarding/caller.decorator.js';
import {
  holdListSchema,
  holdRequestSchema,
  holdSchema,
  madeHoldSchema,
  type HoldRequest,
  type MadeHold,
  type ShownHold,
  type ShownHolds,
} from './holds.schema.js';
import { HoldsService } from './holds.service.js';
import { MAY_READ, MAY_WRITE } from './retention-scopes.js';

/** What must not be deleted, whatever a policy says. */
@ApiTags('Retention')
@Controller('api/v1/holds')
export class HoldsController {
  constructor(@Inject(HoldsService) private readonly holds: HoldsService) {}

  @Get()
  @RequireScope(MAY_READ)
  @ApiOperation({ summary: 'What must not be deleted', description: 'All holds of the tenant.' })
  @ApiResponse({ status: 200, standardSchema: holdListSchema })
  list(@Caller() caller: Principal): Promise<ShownHolds> {
    return this.holds.list(caller);
  }

  @Post()
  @RequireScope(MAY_WRITE)
  @Audited<HoldsController>({
    action: 'hold.create',
    object: (_call, answer) => textOf(answer, 'id'),
    made: (hold) => without(hold, 'id', 'created_at', 'created_by', 'under_removal', 'in_trash'),
  })
  @ApiOperation({
    summary: 'Hold events',
    description:
      'Days that have a moment of the range stay whole, whatever a policy or a plan says, from this answer on: also those of a plan that is being applied. `under_removal` names days whose removal had begun before.',
  })
  @ApiResponse({ status: 201, standardSchema: madeHoldSchema })
  create(
    @Caller() caller: Principal,
    @Body({ schema: holdRequestSchema }) request: HoldRequest,
  ): Promise<MadeHold> {
    return this.holds.create(caller, request);
  }

  @Get(':hold')
  @RequireScope(MAY_READ)
  @ApiOperation({ summary: 'One hold', description: 'With who made it and why.' })
  @ApiResponse({ status: 200, standardSchema: holdSchema })
  find(@Caller() caller: Principal, @Param('hold') id: string): Promise<ShownHold> {
    return this.holds.find(caller, id);
  }

  @Delete(':hold')
  @RequireScope(MAY_WRITE)
  @Audited<HoldsController>({
    action: 'hold.release',
    state: async (holds, { caller, params }) =>
      pick(await holds.find(caller, params['hold'] ?? ''), 'released_at', 'reason', 'stream'),
  })
  @ApiOperation({
    summary: 'Release a hold',
    description:
      'What it kept leaves with the next plan, where its policy says so. The hold stays in the list.',
  })
  @ApiResponse({ status: 200, standardSchema: holdSchema })
  release(@Caller() caller: Principal, @Param('hold') id: string): Promise<ShownHold> {
    return this.holds.release(caller, id);
  }
}
