import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiHeader, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { acceptanceSchema, verdictsSchema } from '../receipts/receipts.schema.js';
import { EVENT_TYPES } from '../requests/body-rules.js';

const DESCRIPTION = `One JSON object a line. \`202\` means: durably stored, and every event will be found in exactly one of
stored, quarantined, deduplicated or dropped. Trouble that may pass refuses the whole request with \`429\` or \`503\` and
\`Retry-After\`.`;

/** Documents a route that takes events. */
export function ApiEvents(summary: string): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary, description: DESCRIPTION }),
    ApiConsumes(...EVENT_TYPES),
    ApiBody({ schema: { type: 'string', example: '{"level":"info","service":"web","message":"hello"}\n' } }),
    ...headers(),
    ApiResponse({ status: 202, description: 'Durable.', standardSchema: acceptanceSchema }),
    ApiResponse({
      status: 200,
      description: 'Settled within the time of `Prefer: wait`.',
      standardSchema: verdictsSchema.extend(acceptanceSchema.shape),
    }),
  );
}

function headers(): MethodDecorator[] {
  return [
    ['Alluvium-Source', 'Name of the source, instead of the key’s.'],
    ['Idempotency-Key', 'Makes a repeat of the same request a no-op: 1 to 255 printable ASCII characters.'],
    ['Prefer', '`wait=5` answers when the events are settled, after 5 seconds (at most 30) at the latest.'],
  ].map(([name = '', description = '']) => ApiHeader({ name, description, required: false }));
}
