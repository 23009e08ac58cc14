import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Principal } from '#access';
import { Audited } from '../audit/audited.decorator.js';
import { pick, textOf } from '../audit/audited-change.js';
import { ChangesNothing, RequireScope } from '../guarding/access-metadata.js';
import { Caller } from '../guarding/caller.decorator.js';
import {
  archiveEstimateSchema,
  attachedArchiveSchema,
  attachedListSchema,
  attachRequestSchema,
  type ArchiveEstimate,
  type AttachRequest,
  type ShownAttachedArchive,
  type ShownAttachedList,
} from './attach.schema.js';
import { AttachService } from './attach.service.js';

@ApiTags('Archives')
@Controller('api/v1/archives')
export class AttachController {
  constructor(@Inject(AttachService) private readonly service: AttachService) {}

  @Post('attach/estimate')
  @HttpCode(200)
  @RequireScope('streams:admin')
  @ChangesNothing('a dry run')
  @ApiOperation({
    summary: 'What attaching an archive would bring',
    description:
      'Read from the manifests: days, events, bytes, who signed them, and which are refused and why. No event is read.',
  })
  @ApiResponse({ status: 200, standardSchema: archiveEstimateSchema })
  estimate(
    @Caller() caller: Principal,
    @Body({ schema: attachRequestSchema }) request: AttachRequest,
  ): Promise<ArchiveEstimate> {
    return this.service.estimate(caller, request);
  }

  @Post('attach')
  @RequireScope('streams:admin')
  @Audited<AttachController>({
    action: 'archive.attach',
    object: ({ body }) => textOf(body, 'name'),
    made: (attached) =>
      pick(attached as object, 'place', 'stream', 'event_type', 'units', 'events', 'signed_by'),
  })
  @ApiOperation({
    summary: 'Attach an archive as a read-only stream',
    description:
      'Its events are found under the name that the request gives, by questions that name it. Nothing is copied, nothing is ever written or deleted where the archive lies, no policy touches it, and nothing can be sent to it. Days that come to the archive later are not in it: detach it and attach it again.',
  })
  @ApiResponse({ status: 201, standardSchema: attachedArchiveSchema })
  attach(
    @Caller() caller: Principal,
    @Body({ schema: attachRequestSchema }) request: AttachRequest,
  ): Promise<ShownAttachedArchive> {
    return this.service.attach(caller, request);
  }

  @Get('attached')
  @RequireScope(['logs:read', 'streams:admin'])
  @ApiOperation({
    summary: 'The archives that are attached',
    description: 'Those that the key may touch, and the places that more may be attached from.',
  })
  @ApiResponse({ status: 200, standardSchema: attachedListSchema })
  list(@Caller() caller: Principal): Promise<ShownAttachedList> {
    return this.service.list(caller);
  }

  @Get('attached/:stream')
  @RequireScope(['logs:read', 'streams:admin'])
  @ApiOperation({ summary: 'One attached archive', description: 'Where it lies, and what it has.' })
  @ApiResponse({ status: 200, standardSchema: attachedArchiveSchema })
  find(@Caller() caller: Principal, @Param('stream') name: string): Promise<ShownAttachedArchive> {
    return this.service.find(caller, name);
  }

  @Delete('attached/:stream')
  @RequireScope('streams:admin')
  @Audited<AttachController>({
    action: 'archive.detach',
    state: async (archives, { caller, params }) =>
      pick(await archives.find(caller, params['stream'] ?? ''), 'place', 'stream', 'units', 'events'),
  })
  @ApiOperation({
    summary: 'Detach an archive',
    description: 'The stream is gone; the archive stays as it is, and can be attached again.',
  })
  @ApiResponse({ status: 200, description: 'It as it was.', standardSchema: attachedArchiveSchema })
  detach(@Caller() caller: Principal, @Param('stream') name: string): Promise<ShownAttachedArchive> {
    return this.service.detach(caller, name);
  }
}
