import type { FaultPoint } from '#app-config';

/**
 * Places where a test may end the process, or let what was done there fail. Without any, which is how it runs outside
 * tests, `reach` does nothing.
 */
export class FaultPoints {
  /**
   * Called at each place; does what is set for it.
   *
   * @throws Error where what was done is to fail
   */
  readonly reach: (name: string) => void;

  /** @param kill ends this process at once, without running another line of its code. */
  constructor(points: readonly FaultPoint[], kill: () => void = killOwnProcess) {
    const passed = new Map<string, number>();
    this.reach = points.length === 0 ? nothing : (name) => pass(name, points, passed, kill);
  }
}

function nothing(): void {
  // Production: no fault point is set.
}

function pass(
  name: string,
  points: readonly FaultPoint[],
  ...[passed, kill]: [passed: Map<string, number>, kill: () => void]
): void {
  const times = (passed.get(name) ?? 0) + 1;
  passed.set(name, times);
  const due = points.find((point) => point.name === name && point.nth === times);
  if (due?.fault === 'error') throw new Error(`The fault point ${name} was reached.`);
  if (due) kill();
}

function killOwnProcess(): void {
  process.kill(process.pid, 'SIGKILL');
}
