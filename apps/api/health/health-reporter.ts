import { HttpException, Inject, Injectable } from '@nestjs/common';
import {
  HealthCheckService,
  HealthIndicatorService,
  type HealthCheckResult,
  type HealthIndicatorResult,
} from '@nestjs/terminus';
import { HealthState, type HealthReport, type HealthStatus } from '#observability';

/** The health of the whole process, and of its parts. */
export interface Health {
  readonly status: HealthStatus;
  readonly details: HealthIndicatorResult;
}

/** Runs the parts' reports through terminus, which knows how they add up. */
@Injectable()
export class HealthReporter {
  constructor(
    @Inject(HealthState) private readonly state: HealthState,
    @Inject(HealthCheckService) private readonly checks: HealthCheckService,
    @Inject(HealthIndicatorService) private readonly indicators: HealthIndicatorService,
  ) {}

  async ready(): Promise<Health> {
    const reports = await this.state.ready();
    const checks = [...reports].map(
      ([name, report]) =>
        () =>
          this.#indicate(name, report),
    );
    const result = await this.checks.check(checks).catch(resultOf);
    return { status: STATUS[result.status], details: result.details };
  }

  #indicate(name: string, { status, detail = {} }: HealthReport): HealthIndicatorResult {
    const indicator = this.indicators.check(name);
    if (status === 'up') return indicator.up({ ...detail });
    return status === 'degraded' ? indicator.degraded({ ...detail }) : indicator.down({ ...detail });
  }
}

const STATUS: Readonly<Record<HealthCheckResult['status'], HealthStatus>> = {
  ok: 'up',
  degraded: 'degraded',
  error: 'down',
  shutting_down: 'down',
};

/** Terminus throws what it found where a part is down. */
function resultOf(error: unknown): HealthCheckResult {
  if (error instanceof HttpException) return error.getResponse() as HealthCheckResult;
  throw error;
}
