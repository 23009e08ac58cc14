/** The value below which a share of the values lies (nearest rank); NaN of none. `share` is in (0, 1]. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** What a set of durations looks like; in the unit of the values. */
export interface Spread {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const [p50, p99, max] = [0.5, 0.99, 1].map((share) => percentile(values, share));
  return { count: values.length, p50: p50 ?? NaN, p99: p99 ?? NaN, max: max ?? NaN };
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Means of consecutive groups of this many values; a last group that isn't full counts where it is the only one. */
export function groupMeans(values: readonly number[], size: number): number[] {
  const groups = Array.from({ length: Math.max(1, Math.floor(values.length / size)) }, (_, i) =>
    values.slice(i * size, (i + 1) * size),
  );
  return groups.map(mean);
}

/** How far apart the largest and the smallest are, as a share of the smallest: 0.1 is ten per cent. */
export function variation(values: readonly number[]): number {
  return Math.max(...values) / Math.min(...values) - 1;
}
