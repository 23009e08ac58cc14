import { Controller, Get, Inject, Param } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { BUILT_IN_FIELDS, type EventTypeDeclaration, type FieldDeclaration } from '#event-model';
import { PLUGIN_REGISTRY, type PluginRegistry } from '#plugin-host';
import { eventTypeJsonSchema, type JsonSchema } from '#plugin-kit';
import { RequireScope } from '../guarding/access-metadata.js';
import { Problem } from '../problems/problem.js';

/** An event type as the API shows it. */
interface ShownEventType {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Of an event as a client may send it. */
  readonly schema: JsonSchema;
}

const eventTypeSchema = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  schema: z.looseObject({}).describe('JSON Schema of an event as a client may send it.'),
});
const eventTypeListSchema = z.object({ event_types: z.array(eventTypeSchema) });

const describedTypeSchema = eventTypeSchema.extend({
  fields: z.array(
    z.object({
      name: z.string(),
      type: z.string(),
      aliases: z.array(z.string()).describe('Other keys that mean this field.'),
      required: z.boolean().describe('An event without it goes to quarantine.'),
      indexed: z.boolean().describe('Equality on it is fast.'),
      description: z.string(),
    }),
  ),
  roll_ups: z.array(z.object({ name: z.string(), by: z.array(z.string()) })).describe('Counts per minute.'),
  example: z.looseObject({}).describe('An event to send.'),
});
type DescribedType = z.infer<typeof describedTypeSchema>;

@ApiTags('Event types')
@Controller('api/v1/event-types')
export class EventTypesController {
  constructor(@Inject(PLUGIN_REGISTRY) private readonly plugins: PluginRegistry) {}

  @Get()
  @RequireScope(['logs:read', 'events:write', 'streams:admin'])
  @ApiOperation({
    summary: 'The event types that a stream may have',
    description: 'Each with the JSON Schema of an event as a client may send it.',
  })
  @ApiResponse({ status: 200, standardSchema: eventTypeListSchema })
  list(): { readonly event_types: readonly ShownEventType[] } {
    return { event_types: [...this.plugins.eventTypes.values()].map(shown) };
  }

  @Get(':event_type')
  @RequireScope(['logs:read', 'events:write', 'streams:admin'])
  @ApiOperation({
    summary: 'One event type',
    description: 'Its fields with the keys that mean them, what is counted per minute, and an event to send.',
  })
  @ApiResponse({ status: 200, standardSchema: describedTypeSchema })
  find(@Param('event_type') name: string): DescribedType {
    const found = this.plugins.eventTypes.get(name);
    if (!found) throw new Problem('event_type_not_found', `No plugin declares "${name.slice(0, 80)}".`);
    return {
      ...shown(found),
      fields: [...BUILT_IN_FIELDS, ...found.fields].map(shownField),
      roll_ups: found.rollUps.map(({ name: rollUp, by }) => ({ name: rollUp, by: [...by] })),
      example: { ...found.example },
    };
  }
}

function shownField(field: FieldDeclaration): DescribedType['fields'][number] {
  const { name, type, aliases = [], required = false, indexed = false, description } = field;
  return { name, type, aliases: [...aliases], required, indexed, description };
}

function shown(declaration: EventTypeDeclaration): ShownEventType {
  const { name, title, description } = declaration;
  return { name, title, description, schema: eventTypeJsonSchema(declaration) };
}
