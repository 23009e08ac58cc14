import { percentile } from './numbers.js';
import type { QueryCase } from './query-case.js';

/** A query with what came of asking it. */
export interface Asked {
  readonly query: QueryCase;
  /** Milliseconds from the first byte of the request to the last of the answer, run by run. */
  readonly times: readonly number[];
  /** What is wrong with the answer; empty where nothing is. */
  readonly mistake: string;
}

/** An answer may take this many times the bare engine's time, and these milliseconds more. */
const TIMES = 1.2;
const MORE_MS = 5;
/** Most milliseconds of the 95th percentile on many days of events. */
const RANGE_P95_MS = 300;

/** Each query beside the bare engine and the peers. */
export function renderComparison(asked: readonly Asked[], bare: readonly (readonly number[])[]): string {
  const head = ['query', 'p50 ms', 'p95 ms', 'bare p50', 'ratio', 'allowed', 'verdict', 'peers', 'answer'];
  const rows = asked.map(({ query, times, mistake }, i) => {
    const [own, alone] = [percentile(times, 0.5), percentile(bare[i] ?? [], 0.5)];
    const allowed = alone * TIMES + MORE_MS;
    const verdict = Number.isNaN(alone) ? '-' : own <= allowed ? 'PASS' : 'MISSED';
    const figures = [own, percentile(times, 0.95), alone, own / alone, allowed].map(round);
    return [`${query.name} ${query.title}`, ...figures, verdict, query.peers, mistake || 'right'];
  });
  return `${table([head, ...rows])}\n  Peers: VictoriaLogs / OpenSearch / Loki, p50 ms on 5M events over 24 h. Allowed: ${TIMES} × bare + ${MORE_MS} ms.`;
}

/** Each query beside the bare engine, held against a bound of its own. */
export function renderRange(asked: readonly Asked[], bare: readonly (readonly number[])[]): string {
  const head = ['query', 'p50 ms', 'p95 ms', 'bare p50', 'verdict', 'answer'];
  const rows = asked.map(({ query, times, mistake }, i) => {
    const p95 = percentile(times, 0.95);
    const figures = [percentile(times, 0.5), p95, percentile(bare[i] ?? [], 0.5)].map(round);
    return [
      `${query.name} ${query.title}`,
      ...figures,
      p95 <= RANGE_P95_MS ? 'PASS' : 'MISSED',
      mistake || 'right',
    ];
  });
  return `${table([head, ...rows])}\n  Allowed: p95 of ${RANGE_P95_MS} ms.`;
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows
    .map((row) => `  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}`.trimEnd())
    .join('\n');
}

function round(value: number): string {
  return Number.isNaN(value) ? '-' : String(Number(value.toPrecision(3)));
}
