import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Principal } from '#access';
import type { QuarantineQuery } from '#plugin-kit';
import { TierRegistry } from '#storage-tier';
import { RequireScope } from '../guarding/access-metadata.js';
import { Caller } from '../guarding/caller.decorator.js';
import { Problem } from '../problems/problem.js';
import { StreamSelector } from '../search/stream-selector.js';
import { readQuarantineCursor, writeQuarantineCursor } from './quarantine-cursor.js';
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
  @ApiOperation({
    summary: 'Events that were refused, with their bytes and the reason',
    description:
      'Newest first, by stream, source and reason. Page by sending the same with `next_cursor` as `cursor`.',
  })
  @ApiResponse({
    status: 200,
    description: 'A page of refused events.',
    standardSchema: quarantinePageSchema,
  })
  async list(
    @Caller() caller: Principal,
    @Query({ schema: quarantineRequestSchema }) request: QuarantineRequest,
  ) {
    if (request.stream !== undefined) await this.streams.one(caller, request.stream);
    else if (caller.streams) throw streamNeeded();
    const query = toQuery(caller, request);
    const { events, more, total } = await this.tiers.searchable.quarantine(query);
    const last = more ? events.at(-1) : undefined;
    return { total, events, next_cursor: last ? writeQuarantineCursor(query, last) : null };
  }
}

function toQuery({ tenant }: Principal, request: QuarantineRequest): QuarantineQuery {
  const { stream, source, reason, limit, cursor } = request;
  const query = {
    tenant,
    limit,
    ...(stream !== undefined && { stream }),
    ...(source !== undefined && { source }),
    ...(reason !== undefined && { reason }),
  };
  return cursor === undefined ? query : { ...query, after: readQuarantineCursor(query, cursor) };
}

function streamNeeded(): Problem {
  return new Problem('forbidden', 'The key is held to some streams.', {
    mend: 'Name one of them: ?stream=….',
  });
}
