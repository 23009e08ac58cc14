import { Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { TerminusModule } from '@nestjs/terminus';
import { Refusals } from './audit/refusals.js';
import { AccessGuard } from './guarding/access-guard.js';
import { RouteTable } from './guarding/route-table.js';
import { Headroom } from './headroom/headroom.js';
import { HeadroomMetrics } from './headroom/headroom-metrics.js';
import { HealthController } from './health/health.controller.js';
import { HEALTH_PROVIDERS } from './health/health.providers.js';
import { EngineMetrics } from './metrics/engine-metrics.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { ReadyGauge } from './metrics/ready-gauge.js';
import { RequestMetrics } from './metrics/request-metrics.js';
import { ProblemFilter } from './problems/problem.filter.js';

/** What a process without the role `api` serves: `/health/*` and `/metrics`. Needs what the API does, and `configureApi`. */
@Module({
  imports: [TerminusModule.forRoot({ logger: false })],
  controllers: [HealthController, MetricsController],
  providers: [
    { provide: APP_FILTER, useClass: ProblemFilter },
    ...[AccessGuard, Refusals, RouteTable],
    ...[Headroom, HeadroomMetrics, EngineMetrics, ReadyGauge, RequestMetrics],
    ...HEALTH_PROVIDERS,
  ],
})
export class ProbesModule {}
