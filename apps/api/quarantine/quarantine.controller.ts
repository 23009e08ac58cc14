import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Principal } from '#access';
import type { QuarantinePage, QuarantineQuery } from '#plugin-kit';
import { TierRegistry } from '#storage-tier';
import { RequireScope } from '../guarding/access-metadata.js';
import { Caller } from '../guarding/caller.decorator.js';
import { Problem } from '../problems/problem.js';
import { StreamSelector } from '../search/stream-selector.js';
import {
  quarantinePageSchema,
  quarantineRequestSchema,
  type QuarantineRequest,
} from './quarantine.schema.js';

@ApiTags('Quarantine')
@Controller('api/v1/quarantine')
export class QuarantineController {
  constructor(
    @Inject(TierRegistry) private readonly tiers: TierRegistry,
    @Inject(StreamSelector) private readonly streams: StreamSelector,
  ) {}

  @Get()
  @RequireScope('quarantine:read')
  @ApiOperation({ summary: 'Events that were refused, with their bytes and the reason' })
  @ApiResponse({ status: 200, standardSchema: quarantinePageSchema })
  async list(
    @Caller() caller: Principal,
    @Query({ schema: quarantineRequestSchema }) request: QuarantineRequest,
  ): Promise<QuarantinePage> {
    if (request.stream !== undefined) await this.streams.one(caller, request.stream);
    else if (caller.streams) throw streamNeeded();
    return this.tiers.searchable.quarantine(toQuery(caller, request));
  }
}

function toQuery(
  { tenant }: Principal,
  { stream, source, reason, limit }: QuarantineRequest,
): QuarantineQuery {
  return {
    tenant,
    limit,
    ...(stream !== undefined && { stream }),
    ...(source !== undefined && { source }),
    ...(reason !== undefined && { reason }),
  };
}

function streamNeeded(): Problem {
  return new Problem('forbidden', 'The key is held to some streams.', {
    mend: 'Name one of them: ?stream=….',
  });
}
