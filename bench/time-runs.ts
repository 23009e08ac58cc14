/** How often something is timed. */
export interface Runs {
  /** Least calls that are not timed, and least milliseconds of them: what is quick is called until it is compiled. */
  readonly warmUps: number;
  readonly warmUpMs: number;
  readonly runs: number;
}

/** Times calls of `ask`, one after the other: milliseconds of each, and what the last one answered. */
export async function timeRuns<T>(
  ask: () => Promise<T>,
  { warmUps, warmUpMs, runs }: Runs,
): Promise<{ readonly times: readonly number[]; readonly answer: T }> {
  const begun = performance.now();
  let answer = await ask();
  for (let call = 1; call < warmUps || performance.now() - begun < warmUpMs; call += 1) answer = await ask();
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const started = performance.now();
    answer = await ask();
    times.push(performance.now() - started);
  }
  return { times, answer };
}
