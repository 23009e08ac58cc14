/** A stretch of time; nanoseconds since the epoch, `to` is exclusive. */
export interface Span {
  readonly from: bigint;
  readonly to: bigint;
}

/** The whole units of a stretch, and what is left of it on both sides. */
export interface WholeSpan {
  readonly whole: Span;
  readonly edges: readonly Span[];
}

/** Cuts a stretch at multiples of a unit; undefined where no whole unit lies in it. */
export function wholeSpan({ from, to }: Span, unit: bigint): WholeSpan | undefined {
  const start = floorTo(from + unit - 1n, unit);
  const end = floorTo(to, unit);
  if (start >= end) return undefined;
  const edges = [
    { from, to: start },
    { from: end, to },
  ];
  return { whole: { from: start, to: end }, edges: edges.filter((edge) => edge.from < edge.to) };
}

/** Cuts a stretch at every multiple of a unit. */
export function spansOf({ from, to }: Span, unit: bigint): readonly Span[] {
  const spans: Span[] = [];
  for (let start = from; start < to;) {
    const next = floorTo(start, unit) + unit;
    spans.push({ from: start, to: next < to ? next : to });
    start = next;
  }
  return spans;
}

function floorTo(ns: bigint, unit: bigint): bigint {
  return ns - (ns % unit);
}
