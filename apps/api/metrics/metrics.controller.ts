import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Registry } from 'prom-client';
import { METRICS } from '#observability';
import { RequireScope } from '../guarding/access-metadata.js';

@ApiTags('Health')
@Controller('metrics')
export class MetricsController {
  constructor(@Inject(METRICS) private readonly registry: Registry) {}

  @Get()
  @RequireScope(['metrics', 'system'], { orLoopback: true })
  @ApiOperation({
    summary: 'Metrics for Prometheus',
    description: 'Callers on the same machine need no key.',
  })
  @ApiProduces('text/plain')
  @ApiResponse({
    status: 200,
    description: 'In the text format of Prometheus.',
    content: { 'text/plain': { schema: { type: 'string' } } },
  })
  async read(@Res() reply: FastifyReply): Promise<void> {
    const text = await this.registry.metrics();
    void reply.type(this.registry.contentType).send(text);
  }
}
