import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { completeDocument } from './complete-document.js';
import { describeEventBodies } from '../ingest/ingest.openapi.js';

const DESCRIPTION = `Events and logs: in as NDJSON, durable when acknowledged, searched in milliseconds. Answers that are no
success are RFC 9457 problems with a stable \`code\` and how to mend it. The tenant comes from the key alone.`;

/** The OpenAPI document of the application's routes. */
export function openApiDocument(app: NestFastifyApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Alluvium')
    .setDescription(DESCRIPTION)
    .setVersion('1')
    .addBearerAuth({ type: 'http', description: 'A key: `alv_…`.' })
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}`,
  });
  return completeDocument(describeEventBodies(document));
}
