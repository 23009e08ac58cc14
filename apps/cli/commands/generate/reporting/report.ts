import type { Counts, Latency, Tally } from '../sending/tally.js';

/** Where the answers of a run stand, for the last second of it or for all of it. */
export interface Report extends Counts, Latency {
  readonly elapsedMs: number;
  /** Acknowledged events a second. */
  readonly rate: number;
  readonly givenUp: number;
  readonly unknown: number;
}

/** @param elapsedMs what the tally has counted over. */
export function reportOf(tally: Tally, elapsedMs: number): Report {
  const counts = tally.counts();
  return {
    ...counts,
    ...tally.latency(),
    elapsedMs,
    rate: elapsedMs > 0 ? (counts.acknowledged * 1_000) / elapsedMs : 0,
    givenUp: tally.givenUp,
    unknown: tally.unknown,
  };
}

/** What a run was, beside its counts. */
export interface RunFacts {
  readonly seed: string;
  readonly askedRate: number | undefined;
  /** Events that were due and not made, since the server or this machine was too slow. */
  readonly skipped: number;
  readonly streams: readonly string[];
}

/** A report as JSON has it. */
export function reportAsJson(report: Report): Readonly<Record<string, unknown>> {
  return {
    elapsed_ms: Math.round(report.elapsedMs),
    acknowledged: report.acknowledged,
    events_per_second: Math.round(report.rate * 10) / 10,
    requests: report.requests,
    bytes: report.bytes,
    refused: report.refused,
    p50_ms: report.p50 ?? null,
    p99_ms: report.p99 ?? null,
    max_ms: report.max ?? null,
  };
}

/** The summary of a run as JSON has it. */
export function summaryAsJson(report: Report, facts: RunFacts): Readonly<Record<string, unknown>> {
  return {
    type: 'summary',
    ...reportAsJson(report),
    given_up: report.givenUp,
    unknown: report.unknown,
    skipped: facts.skipped,
    asked_events_per_second: facts.askedRate ?? null,
    streams: facts.streams,
    seed: facts.seed,
  };
}
