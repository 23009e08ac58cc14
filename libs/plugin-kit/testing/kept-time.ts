/** What is tried at most before a run counts as too long: runs, and milliseconds in all. */
const MOST_RUNS = 8;
const PATIENCE_MS = 5_000;
/** Bytes that the yardstick reads four times over, and the most milliseconds that this takes where nothing else runs. */
const YARDSTICK = new Uint8Array(1024 * 1024);
const YARDSTICK_MS = 8;

/**
 * Milliseconds of the shortest of some runs where all of them took longer than `limitMs`; undefined where one kept within.
 * What takes too long for what it does takes so in every run, at any pace. A busy machine stretches runs: so more than one
 * counts, and the limit is stretched as reading a MiB is stretched, which is measured beside each of them.
 */
export function msOverLimit(
  run: () => void,
  limitMs: number,
  now = (): number => performance.now(),
): number | undefined {
  const until = now() + PATIENCE_MS;
  let [shortest, yardstick] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let left = MOST_RUNS; left > 0; left -= 1) {
    shortest = Math.min(shortest, msOf(run, now));
    if (shortest < limitMs) return undefined;
    yardstick = Math.min(yardstick, msOf(readYardstick, now));
    if (shortest < limitMs * (yardstick / YARDSTICK_MS)) return undefined;
    if (now() > until) break;
  }
  return shortest;
}

function msOf(run: () => void, now: () => number): number {
  const started = now();
  run();
  return now() - started;
}

function readYardstick(): void {
  let sum = 0;
  for (let pass = 1; pass <= 4; pass += 1)
    for (let at = 0; at < YARDSTICK.length; at += 1) sum += (YARDSTICK[at] ?? 0) + pass;
  YARDSTICK[0] = sum & 1;
}
