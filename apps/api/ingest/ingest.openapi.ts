import { applyDecorators } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiHeader,
  ApiOperation,
  ApiQuery,
  ApiResponse,
  type OpenAPIObject,
} from '@nestjs/swagger';
import { acceptanceSchema, verdictsSchema } from '../receipts/receipts.schema.js';
import { EVENT_TYPES } from '../requests/body-rules.js';

const DESCRIPTION = `\`202\` means: durably stored, and every event will be found in exactly one of stored, quarantined,
deduplicated or dropped. Trouble that may pass refuses the whole request with \`429\` or \`503\` and \`Retry-After\`.

Events are taken as
- \`application/json\`: one object, or an array of them; each event keeps the bytes that it came with,
- \`application/x-ndjson\` (\`application/ndjson\` and \`application/jsonl\` mean the same): one object a line,
- \`text/plain\`: lines of text, read by the parser that \`parser\` names (\`auto\` chooses one for each line, and a line that
  none knows is an event whose message is the line),

as UTF-8, in one layer of \`Content-Encoding: gzip\`, \`deflate\`, \`br\` or \`zstd\` or none. Blank lines are no events. A bad
event goes to quarantine and the others are stored; \`strict=true\` refuses the whole request instead, with \`422\` and a
list, and nothing is written.`;

const PARSER = 'Of text/plain: the parser of its lines. Default `auto`, which chooses one for each line.';
const STRICT =
  'Check every event first, and refuse the whole request with a list where one would go to quarantine.';
const EVENT = { level: 'info', service: 'web', message: 'hello' };
const BYE = { ...EVENT, message: 'bye' };
const LINES = `${JSON.stringify(EVENT)}\n${JSON.stringify(BYE)}\n`;
const TEXT = '<34>1 2026-01-31T12:00:00Z web-1 app 42 - - hello\nany other line\n';
const JSON_SCHEMA = {
  oneOf: [{ type: 'object' }, { type: 'array', items: { type: 'object' }, minItems: 1 }],
};

/** What a body of each type holds. */
const CONTENT = {
  'application/json': {
    schema: JSON_SCHEMA,
    examples: {
      one: { summary: 'One event', value: EVENT },
      several: { summary: 'Several', value: [EVENT, BYE] },
    },
  },
  ...Object.fromEntries(
    EVENT_TYPES.filter((type) => type.endsWith('ndjson') || type.endsWith('jsonl')).map((type) => [
      type,
      { schema: { type: 'string' }, example: LINES },
    ]),
  ),
  'text/plain': { schema: { type: 'string' }, example: TEXT },
};

/** Documents a route that takes events. */
export function ApiEvents(summary: string): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary, description: DESCRIPTION }),
    ApiConsumes(...EVENT_TYPES),
    ApiBody({ schema: { type: 'string' } }),
    ...headers(),
    ApiQuery({ name: 'parser', required: false, schema: { type: 'string' }, description: PARSER }),
    ApiQuery({
      name: 'strict',
      required: false,
      schema: { type: 'boolean', default: false },
      description: STRICT,
    }),
    ApiResponse({ status: 202, description: 'Durable.', standardSchema: acceptanceSchema }),
    ApiResponse({
      status: 200,
      description: 'Settled within the time of `Prefer: wait`.',
      standardSchema: verdictsSchema.extend(acceptanceSchema.shape),
    }),
  );
}

/** Gives each type of body its own schema and example, for which the decorators have no place. */
export function describeEventBodies(document: OpenAPIObject): OpenAPIObject {
  const paths = Object.entries(document.paths).map(([path, item]) =>
    EVENT_PATHS.has(path) && item.post
      ? [path, { ...item, post: { ...item.post, requestBody: { required: true, content: CONTENT } } }]
      : [path, item],
  );
  return { ...document, paths: Object.fromEntries(paths) as OpenAPIObject['paths'] };
}

const EVENT_PATHS: ReadonlySet<string> = new Set(['/api/v1/events', '/api/v1/streams/{stream}/events']);

function headers(): MethodDecorator[] {
  return [
    ['Alluvium-Source', 'Name of the source, instead of the key’s.'],
    ['Idempotency-Key', 'Makes a repeat of the same request a no-op: 1 to 255 printable ASCII characters.'],
    ['Prefer', '`wait=5` answers when the events are settled, after 5 seconds (at most 30) at the latest.'],
    ['Content-Encoding', 'How the body is compressed: `gzip`, `deflate`, `br` or `zstd`, one layer.'],
  ].map(([name = '', description = '']) => ApiHeader({ name, description, required: false }));
}
