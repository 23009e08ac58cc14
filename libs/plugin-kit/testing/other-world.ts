/** Runs with another clock and another random number: what asks neither answers the same. */
export function withWorld<T>(now: number, luck: number, run: () => T): T {
  const { Date: RealDate } = globalThis;
  const { random } = Math;
  class OtherDate extends RealDate {
    constructor(...args: readonly [] | readonly [string | number]) {
      super(args.length === 0 ? now : args[0]);
    }
    static override now(): number {
      return now;
    }
  }
  Object.assign(globalThis, { Date: OtherDate });
  Math.random = () => luck;
  try {
    return run();
  } finally {
    Object.assign(globalThis, { Date: RealDate });
    Math.random = random;
  }
}
