import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HealthState, type HealthStatus } from '#observability';
import { AccessGuard } from '../guarding/access-guard.js';
import { Public } from '../guarding/access-metadata.js';
import { HealthReporter, type Health } from './health-reporter.js';
import { healthSchema } from './health.schema.js';

/** What everybody may know. */
interface HealthAnswer {
  readonly status: HealthStatus;
  readonly details?: Health['details'];
}

/** For probes. `503` where `status` is `down`, `200` otherwise. */
@ApiTags('Health')
@Controller('health')
export class HealthController {
  constructor(
    @Inject(HealthState) private readonly state: HealthState,
    @Inject(HealthReporter) private readonly reporter: HealthReporter,
    @Inject(AccessGuard) private readonly guard: AccessGuard,
  ) {}

  @Get('live')
  @Public()
  @ApiOperation({
    summary: 'Whether this process answers',
    description: '`up` whenever it is answered at all.',
  })
  @ApiResponse({ status: 200, description: 'Yes.', standardSchema: healthSchema })
  live(): HealthAnswer {
    return { status: 'up' };
  }

  @Get('startup')
  @Public()
  @ApiOperation({
    summary: 'Whether the start is over',
    description: '`down` with 503 until every part of the process has started.',
  })
  @ApiResponse({ status: 200, description: 'Yes.', standardSchema: healthSchema })
  @ApiResponse({ status: 503, description: 'No: `down`.', standardSchema: healthSchema })
  startup(@Res({ passthrough: true }) reply: FastifyReply): HealthAnswer {
    const status = this.state.started ? 'up' : 'down';
    void reply.code(this.state.started ? 200 : 503);
    return { status };
  }

  @Get('ready')
  @Public()
  @ApiOperation({
    summary: 'Whether an event can be accepted',
    description: 'A search that is out shows as `degraded`. Keys with `metrics` or `system` see details.',
  })
  @ApiResponse({ status: 200, description: 'Yes.', standardSchema: healthSchema })
  @ApiResponse({ status: 503, description: 'No: `down`.', standardSchema: healthSchema })
  async ready(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<HealthAnswer> {
    const { status, details } = await this.reporter.ready();
    void reply.code(status === 'down' ? 503 : 200);
    return (await this.maySeeDetails(request)) ? { status, details } : { status };
  }

  private async maySeeDetails(request: FastifyRequest): Promise<boolean> {
    if (request.headers.authorization === undefined) return false;
    const visitor = await this.guard.visitor(request);
    return visitor !== undefined && (visitor.scopes.has('metrics') || visitor.scopes.has('system'));
  }
}
