import { Inject, Injectable } from '@nestjs/common';
import { IngestMetrics } from '../metrics/ingest-metrics.js';
import { problemOf } from '../problems/problem-of.js';
import type { Acceptance } from './event-appender.js';

/** Counts what ingest accepts and refuses, and how long a commit takes. */
@Injectable()
export class AckMeter {
  constructor(@Inject(IngestMetrics) private readonly metrics: IngestMetrics) {}

  /** Runs an acceptance; what it throws is counted and thrown on. */
  async measure(bytes: number, accept: () => Promise<Acceptance>): Promise<Acceptance> {
    const started = performance.now();
    try {
      const acceptance = await accept();
      if (!acceptance.replayed)
        this.metrics.countAccepted(acceptance.accepted, bytes, (performance.now() - started) / 1_000);
      return acceptance;
    } catch (error) {
      this.metrics.countRefused(problemOf(error).code);
      throw error;
    }
  }
}
