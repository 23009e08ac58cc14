import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { EventTypeDeclaration } from '#event-model';
import { PLUGIN_REGISTRY, type PluginRegistry } from '#plugin-host';
import { eventTypeJsonSchema, type JsonSchema } from '#plugin-kit';
import { RequireScope } from '../guarding/access-metadata.js';

/** An event type as the API shows it. */
interface ShownEventType {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Of an event as a client may send it. */
  readonly schema: JsonSchema;
}

const eventTypeListSchema = z.object({
  event_types: z.array(
    z.object({
      name: z.string(),
      title: z.string(),
      description: z.string(),
      schema: z.looseObject({}).describe('JSON Schema of an event as a client may send it.'),
    }),
  ),
});

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
}

function shown(declaration: EventTypeDeclaration): ShownEventType {
  const { name, title, description } = declaration;
  return { name, title, description, schema: eventTypeJsonSchema(declaration) };
}
