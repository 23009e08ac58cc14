import { Body, Controller, Get, Inject, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Principal } from '#access';
import { StreamRegistry, TierRegistry, type StreamRecord } from '#storage-tier';
import { RequireScope } from '../guarding/access-metadata.js';
import { Caller } from '../guarding/caller.decorator.js';
import { mayTouch, requireStream } from '../guarding/stream-access.js';
import { Problem } from '../problems/problem.js';
import { StreamSelector } from '../search/stream-selector.js';
import {
  newStreamSchema,
  rollUpCheckSchema,
  streamListSchema,
  streamSchema,
  type NewStreamRequest,
} from './streams.schema.js';

type ShownStream = Omit<StreamRecord, 'tenant'>;

@ApiTags('Streams')
@Controller('api/v1/streams')
export class StreamsController {
  constructor(
    @Inject(StreamRegistry) private readonly registry: StreamRegistry,
    @Inject(StreamSelector) private readonly selector: StreamSelector,
    @Inject(TierRegistry) private readonly tiers: TierRegistry,
  ) {}

  @Get()
  @RequireScope(['logs:read', 'streams:admin'])
  @ApiOperation({ summary: 'The streams that the key may touch' })
  @ApiResponse({ status: 200, standardSchema: streamListSchema })
  async list(@Caller() caller: Principal): Promise<{ readonly streams: readonly ShownStream[] }> {
    const records = await this.registry.records(caller.tenant);
    return { streams: records.filter(({ name }) => mayTouch(caller, name)).map(shown) };
  }

  @Post()
  @RequireScope('streams:admin')
  @ApiOperation({ summary: 'Make a stream' })
  @ApiResponse({ status: 201, standardSchema: streamSchema })
  async create(
    @Caller() caller: Principal,
    @Body({ schema: newStreamSchema }) request: NewStreamRequest,
  ): Promise<ShownStream> {
    requireStream(caller, request.name);
    const { name, event_type: eventType, keep_raw: keepRaw } = request;
    return shown(await this.registry.create({ tenant: caller.tenant, name, eventType, keepRaw }));
  }

  @Get(':stream')
  @RequireScope(['logs:read', 'streams:admin'])
  @ApiOperation({ summary: 'One stream' })
  @ApiResponse({ status: 200, standardSchema: streamSchema })
  async find(@Caller() caller: Principal, @Param('stream') name: string): Promise<ShownStream> {
    const { streams } = await this.list(caller);
    const found = streams.find((stream) => stream.name === name);
    if (!found) throw new Problem('stream_unknown', `There is no stream named "${name}".`);
    return found;
  }

  @Get(':stream/roll-ups/check')
  @RequireScope(['logs:read', 'streams:admin'])
  @ApiOperation({ summary: "Whether the stream's roll-ups add up to its events" })
  @ApiResponse({ status: 200, standardSchema: rollUpCheckSchema })
  async check(@Caller() caller: Principal, @Param('stream') name: string) {
    const stream = await this.selector.one(caller, name);
    const daysWrong = await this.tiers.primary.checkRollUps(stream);
    return { ok: daysWrong.length === 0, days_wrong: daysWrong };
  }
}

/** The tenant is the caller's own, so it needs no mention. */
function shown({ name, event_type, keep_raw, created_at }: StreamRecord): ShownStream {
  return { name, event_type, keep_raw, created_at };
}
