import { Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Principal } from '#access';
import { Audited } from '../audit/audited.decorator.js';
import { without } from '../audit/audited-change.js';
import { RequireScope } from '../guarding/access-metadata.js';
import { Caller } from '../guarding/caller.decorator.js';
import { MAY_READ, MAY_WRITE } from '../retention/retention-scopes.js';
import {
  begunCompactionSchema,
  compactionSchema,
  type BegunCompaction,
  type ShownCompaction,
} from './compaction.schema.js';
import { CompactionService } from './compaction.service.js';

/** Small files of the archive that are merged. */
@ApiTags('Archives')
@Controller('api/v1/archives/compaction')
export class CompactionController {
  constructor(@Inject(CompactionService) private readonly compaction: CompactionService) {}

  @Get()
  @RequireScope(MAY_READ)
  @ApiOperation({
    summary: 'Small files that would be merged',
    description:
      'Each run of retention that moves late events makes one more file of their day. Days with archive_compact_files files below archive_compact_file_bytes are merged each hour. Nothing is changed here.',
  })
  @ApiResponse({ status: 200, standardSchema: compactionSchema })
  look(@Caller() caller: Principal): Promise<ShownCompaction> {
    return this.compaction.look(caller);
  }

  @Post()
  @HttpCode(202)
  @RequireScope(MAY_WRITE)
  @Audited<CompactionController>({ action: 'archive.compact', made: (begun) => without(begun, 'job') })
  @ApiOperation({
    summary: 'Merge small files now',
    description:
      'A job, which does not wait for the hour. Every event is found once, before, during and after it; what a hold keeps stays as it is.',
  })
  @ApiResponse({
    status: 202,
    description: 'What is to be merged; the job was begun.',
    standardSchema: begunCompactionSchema,
  })
  begin(@Caller() caller: Principal): Promise<BegunCompaction> {
    return this.compaction.begin(caller);
  }
}
