import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Principal } from '#access';
import { Audited } from '../audit/audited.decorator.js';
import { pick } from '../audit/audited-change.js';
import { ChangesNothing, RequireScope } from '../guarding/access-metadata.js';
import { Caller } from '../guarding/caller.decorator.js';
import { RestoreEstimates } from './restore-estimates.js';
import {
  restoredListSchema,
  restoredStreamSchema,
  restoreEstimateSchema,
  restoreRequestSchema,
  type RestoreEstimate,
  type RestoreRequest,
  type ShownRestoredStream,
} from './restore.schema.js';
import { RestoreService } from './restore.service.js';

@ApiTags('Archives')
@Controller('api/v1/archives')
export class RestoreController {
  constructor(
    @Inject(RestoreEstimates) private readonly estimates: RestoreEstimates,
    @Inject(RestoreService) private readonly service: RestoreService,
  ) {}

  @Post('restore/estimate')
  @HttpCode(200)
  @RequireScope('streams:admin')
  @ChangesNothing('a dry run')
  @ApiOperation({
    summary: 'What restoring events out of an archive would bring and take',
    description: 'Days, events, bytes, and the room on disk. No event is read.',
  })
  @ApiResponse({ status: 200, standardSchema: restoreEstimateSchema })
  async estimate(
    @Caller() caller: Principal,
    @Body({ schema: restoreRequestSchema }) request: RestoreRequest,
  ): Promise<RestoreEstimate> {
    return (await this.estimates.read(caller, request)).estimate;
  }

  @Post('restore')
  @HttpCode(202)
  @RequireScope('streams:admin')
  @Audited<RestoreController>({
    action: 'archive.restore',
    object: ({ body }) => String((body as RestoreRequest).stream),
    made: (begun, { body }) => ({ asked: body, ...pick(begun as object, 'name', 'events', 'expires_at') }),
  })
  @ApiOperation({
    summary: 'Restore events out of an archive, for a while',
    description:
      'A job. The days of the time come as a whole into tables of a read-only stream of its own name, beside the original, and are found by questions that name it when all are there. No policy archives or deletes them; at its end the stream is taken away by itself, or before by DELETE, which also cancels.',
  })
  @ApiResponse({ status: 202, description: 'The job was begun.', standardSchema: restoredStreamSchema })
  async begin(
    @Caller() caller: Principal,
    @Body({ schema: restoreRequestSchema }) request: RestoreRequest,
  ): Promise<ShownRestoredStream> {
    return this.service.begin(await this.estimates.read(caller, request));
  }

  @Get('restored')
  @RequireScope(['logs:read', 'streams:admin'])
  @ApiOperation({
    summary: 'The streams that were restored out of archives',
    description: 'Those that the key may touch, and when they go.',
  })
  @ApiResponse({ status: 200, standardSchema: restoredListSchema })
  list(@Caller() caller: Principal): Promise<{ readonly restored: ShownRestoredStream[] }> {
    return this.service.list(caller);
  }

  @Get('restored/:stream')
  @RequireScope(['logs:read', 'streams:admin'])
  @ApiOperation({ summary: 'One restored stream', description: 'Whether all is there, and when it goes.' })
  @ApiResponse({ status: 200, standardSchema: restoredStreamSchema })
  find(@Caller() caller: Principal, @Param('stream') name: string): Promise<ShownRestoredStream> {
    return this.service.find(caller, name);
  }

  @Delete('restored/:stream')
  @HttpCode(202)
  @RequireScope('streams:admin')
  @Audited<RestoreController>({
    action: 'archive.unload',
    state: async (archives, { caller, params }) =>
      pick(await archives.find(caller, params['stream'] ?? ''), 'stream', 'state', 'expires_at'),
  })
  @ApiOperation({
    summary: 'Take a restored stream away, or cancel its restoring',
    description: 'Nobody finds it from then on; a job drops its tables. The archive stays as it is.',
  })
  @ApiResponse({ status: 202, description: 'It as it is now.', standardSchema: restoredStreamSchema })
  unload(@Caller() caller: Principal, @Param('stream') name: string): Promise<ShownRestoredStream> {
    return this.service.unload(caller, name);
  }
}
