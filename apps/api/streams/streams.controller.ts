import { setTimeout as pause } from 'node:timers/promises';
import { Body, Controller, Get, Inject, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Principal } from '#access';
import { StreamRegistry, TierRegistry, type StreamRecord } from '#storage-tier';
import { Audited } from '../audit/audited.decorator.js';
import { pick, textOf } from '../audit/audited-change.js';
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

/** How long making a stream waits for its tables: milliseconds. */
const LONGEST_PREPARATION_MS = 2_000;

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
  @ApiOperation({
    summary: 'The streams that the key may touch',
    description: 'All of the tenant, or those that the key is held to.',
  })
  @ApiResponse({ status: 200, standardSchema: streamListSchema })
  async list(@Caller() caller: Principal): Promise<{ readonly streams: readonly ShownStream[] }> {
    const records = await this.registry.records(caller.tenant);
    return { streams: records.filter(({ name }) => mayTouch(caller, name)).map(shown) };
  }

  @Post()
  @RequireScope('streams:admin')
  @Audited<StreamsController>({
    action: 'stream.create',
    object: ({ body }) => textOf(body, 'name'),
    made: (stream) => pick(stream as object, 'event_type', 'keep_raw', 'stored_in'),
  })
  @ApiOperation({
    summary: 'Make a stream',
    description:
      'A stream has one event type for life. Its tables are made with it, so that its first events do not wait for them.',
  })
  @ApiResponse({ status: 201, standardSchema: streamSchema })
  async create(
    @Caller() caller: Principal,
    @Body({ schema: newStreamSchema }) request: NewStreamRequest,
  ): Promise<ShownStream> {
    requireStream(caller, request.name);
    const { name, event_type: eventType, keep_raw: keepRaw, stored_in: storedIn } = request;
    if (storedIn !== 'search' && !this.tiers.hasDocuments)
      throw new Problem(
        'documents_tier_missing',
        `There is no documents tier for "stored_in": "${storedIn}".`,
      );
    const record = await this.registry.create({ tenant: caller.tenant, name, eventType, keepRaw, storedIn });
    await this.#makeTables(record);
    return shown(record);
  }

  @Get(':stream')
  @RequireScope(['logs:read', 'streams:admin'])
  @ApiOperation({
    summary: 'One stream',
    description: 'Its event type, and whether the bytes of every event are kept.',
  })
  @ApiResponse({ status: 200, standardSchema: streamSchema })
  async find(@Caller() caller: Principal, @Param('stream') name: string): Promise<ShownStream> {
    const { streams } = await this.list(caller);
    const found = streams.find((stream) => stream.name === name);
    if (!found) throw new Problem('stream_unknown', `There is no stream named "${name}".`);
    return found;
  }

  @Get(':stream/roll-ups/check')
  @RequireScope(['logs:read', 'streams:admin'])
  @ApiOperation({
    summary: "Whether the stream's roll-ups add up to its events",
    description: 'Compares the counts per minute with the events, day by day.',
  })
  @ApiResponse({ status: 200, standardSchema: rollUpCheckSchema })
  async check(@Caller() caller: Principal, @Param('stream') name: string) {
    const stream = await this.selector.one(caller, name);
    const daysWrong = await this.tiers.primary.checkRollUps(stream);
    return { ok: daysWrong.length === 0, days_wrong: daysWrong };
  }

  /** So that the first events don't wait for their tables. What the engine can't make now it makes with those events. */
  async #makeTables({ tenant, name }: StreamRecord): Promise<void> {
    const stream = await this.registry.find(tenant, name);
    if (!stream) return;
    const made = this.tiers.primary.prepare(stream).catch(() => undefined);
    await Promise.race([made, pause(LONGEST_PREPARATION_MS, undefined, { ref: false })]);
  }
}

/** The tenant is the caller's own, so it needs no mention. */
function shown(record: StreamRecord): ShownStream {
  const { name, event_type, keep_raw, stored_in, read_only, created_at } = record;
  const optional = { ...(stored_in && { stored_in }), ...(read_only && { read_only }) };
  return { name, event_type, keep_raw, ...optional, created_at };
}
