import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Principal } from '#access';
import { Audited } from '../audit/audited.decorator.js';
import { byName, pick, textOf } from '../audit/audited-change.js';
import { ChangesNothing, RequireScope } from '../guarding/access-metadata.js';
import { Caller } from '../guarding/caller.decorator.js';
import { EventTypesService } from './event-types.service.js';
import {
  describedTypeSchema,
  eventTypeBodySchema,
  eventTypeListSchema,
  eventTypePlanSchema,
  newEventTypeSchema,
  type DescribedType,
  type EventTypeBody,
  type EventTypePlan,
  type NewEventType,
  type ShownEventType,
} from './event-types.schema.js';

@ApiTags('Event types')
@Controller('api/v1/event-types')
export class EventTypesController {
  constructor(@Inject(EventTypesService) private readonly service: EventTypesService) {}

  @Get()
  @RequireScope(['logs:read', 'events:write', 'streams:admin'])
  @ApiOperation({
    summary: 'The event types that a stream may have',
    description: 'Each with the JSON Schema of an event as a client may send it.',
  })
  @ApiResponse({ status: 200, standardSchema: eventTypeListSchema })
  list(@Caller() caller: Principal): { readonly event_types: readonly ShownEventType[] } {
    return { event_types: this.service.list(caller) };
  }

  @Get(':event_type')
  @RequireScope(['logs:read', 'events:write', 'streams:admin'])
  @ApiOperation({
    summary: 'One event type',
    description:
      'Its fields with the keys that mean them, what is counted per minute, an event to send, and the streams of it.',
  })
  @ApiResponse({ status: 200, standardSchema: describedTypeSchema })
  find(@Caller() caller: Principal, @Param('event_type') name: string): Promise<DescribedType> {
    return this.service.find(caller, name);
  }

  @Post()
  @RequireScope('streams:admin')
  @Audited<EventTypesController>({
    action: 'event-type.declare',
    object: ({ body }) => textOf(body, 'name'),
    state: (types, { caller, body }) => types.declaration(caller, textOf(body, 'name') ?? ''),
  })
  @ApiOperation({
    summary: 'Declare an event type',
    description: 'For streams of the tenant, at once: make one with it (POST /api/v1/streams), then send.',
  })
  @ApiResponse({ status: 201, standardSchema: describedTypeSchema })
  declare(
    @Caller() caller: Principal,
    @Body({ schema: newEventTypeSchema }) request: NewEventType,
  ): Promise<DescribedType> {
    return this.service.declare(caller, request);
  }

  @Put(':event_type')
  @RequireScope('streams:admin')
  @Audited<EventTypesController>({
    action: 'event-type.change',
    state: (types, { caller, params }) => types.declaration(caller, params['event_type'] ?? ''),
  })
  @ApiOperation({
    summary: 'Declare the next version of an event type',
    description:
      'The whole declaration. New fields become columns of the tables that are there, one stream after the other, without losing an event; types of fields and the sorting stay. Waits up to 10 s for the tables: `streams` says which are changed.',
  })
  @ApiResponse({ status: 200, standardSchema: describedTypeSchema })
  change(
    @Caller() caller: Principal,
    @Param('event_type') name: string,
    @Body({ schema: eventTypeBodySchema }) body: EventTypeBody,
  ): Promise<DescribedType> {
    return this.service.change(caller, name, body);
  }

  @Delete(':event_type')
  @RequireScope('streams:admin')
  @Audited<EventTypesController>({
    action: 'event-type.delete',
    state: (types, { caller, params }) => types.declaration(caller, params['event_type'] ?? ''),
  })
  @ApiOperation({ summary: 'Take an event type away', description: 'Only one that no stream has.' })
  @ApiResponse({ status: 200, description: 'The type as it was.', standardSchema: describedTypeSchema })
  remove(@Caller() caller: Principal, @Param('event_type') name: string): Promise<DescribedType> {
    return this.service.remove(caller, name);
  }

  @Post('dry-run')
  @HttpCode(200)
  @RequireScope('streams:admin')
  @ChangesNothing('a dry run')
  @ApiOperation({
    summary: 'What declaring an event type would do',
    description:
      'Its columns, every mistake, and the effects in words: of a new type, or of the next version of one that is there. Nothing is changed.',
  })
  @ApiResponse({ status: 200, standardSchema: eventTypePlanSchema })
  plan(
    @Caller() caller: Principal,
    @Body({ schema: newEventTypeSchema }) request: NewEventType,
  ): Promise<EventTypePlan> {
    return this.service.plan(caller, request);
  }

  /** What an admin declares of a type: a text for each field. @throws as {@link find} */
  async declaration(caller: Principal, name: string): Promise<Readonly<Record<string, unknown>>> {
    const type = await this.service.find(caller, name);
    const fields = type.fields.map((field) => [field.name, wordsOf(field)] as const);
    const declared = pick(type, 'version', 'title', 'description', 'sort_by');
    return {
      ...declared,
      fields: Object.fromEntries(fields),
      roll_ups: byName(type.roll_ups, 'by', 'unique'),
    };
  }
}

function wordsOf({ type, required, indexed, aliases }: DescribedType['fields'][number]): string {
  const words = [type, required ? 'required' : [], indexed ? 'indexed' : [], ...aliases];
  return words.flat().join(' ');
}
