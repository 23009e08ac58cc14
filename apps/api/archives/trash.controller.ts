import { Body, Controller, Delete, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Principal } from '#access';
import { Audited } from '../audit/audited.decorator.js';
import { without } from '../audit/audited-change.js';
import { RequireScope } from '../guarding/access-metadata.js';
import { Caller } from '../guarding/caller.decorator.js';
import { MAY_READ, MAY_WRITE } from '../retention/retention-scopes.js';
import {
  emptiedTrashSchema,
  trashSchema,
  undeletedSchema,
  undeleteRequestSchema,
  type EmptiedTrash,
  type ShownTrash,
  type Undeleted,
  type UndeleteRequest,
} from './trash.schema.js';
import { TrashService } from './trash.service.js';

/** What was deleted out of archives and is still there. */
@ApiTags('Archives')
@Controller('api/v1/archives')
export class TrashController {
  constructor(@Inject(TrashService) private readonly trash: TrashService) {}

  @Get('trash')
  @RequireScope(MAY_READ)
  @ApiOperation({
    summary: 'Deleted days that can be brought back',
    description:
      'What policies deleted out of the archive within the last archive_trash_hours, and what a hold keeps of it. No search finds it.',
  })
  @ApiResponse({ status: 200, standardSchema: trashSchema })
  list(@Caller() caller: Principal): Promise<ShownTrash> {
    return this.trash.list(caller);
  }

  @Post('undelete')
  @HttpCode(200)
  @RequireScope(MAY_WRITE)
  @Audited<TrashController>({
    action: 'archive.undelete',
    object: ({ body }) => (body as UndeleteRequest).stream,
    made: (back) => without(back, 'stream'),
  })
  @ApiOperation({
    summary: 'Bring deleted days back',
    description:
      'The archive answers for them again at once. What its policy does not keep is deleted again by the next run: change the policy, or hold the time, before.',
  })
  @ApiResponse({ status: 200, description: 'What came back.', standardSchema: undeletedSchema })
  undelete(
    @Caller() caller: Principal,
    @Body({ schema: undeleteRequestSchema }) request: UndeleteRequest,
  ): Promise<Undeleted> {
    return this.trash.undelete(caller, request);
  }

  @Delete('trash')
  @HttpCode(202)
  @RequireScope(MAY_WRITE)
  @Audited<TrashController>({ action: 'archive.empty-trash', made: (gone) => without(gone, 'job') })
  @ApiOperation({
    summary: 'Delete for good what could be brought back',
    description: 'A job, which does not wait for archive_trash_hours. What a hold keeps stays in the trash.',
  })
  @ApiResponse({
    status: 202,
    description: 'What was in the trash; the job was begun.',
    standardSchema: emptiedTrashSchema,
  })
  empty(@Caller() caller: Principal): Promise<EmptiedTrash> {
    return this.trash.empty(caller);
  }
}
