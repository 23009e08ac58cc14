import type { FaultPoint } from '#app-config';

/**
 * Places where a test may end the process. Without any, which is how it runs outside tests, `reach` does nothing.
 */
export class FaultPoints {
  /** Called at each place; ends the process at the nth call for its name. */
  readonly reach: (name: string) => void;

  /** @param kill ends this process at once, without running another line of its code. */
  constructor(points: readonly FaultPoint[], kill: () => void = killOwnProcess) {
    const left = new Map(points.map(({ name, nth }) => [name, nth]));
    this.reach = points.length === 0 ? nothing : (name) => countDown(left, name, kill);
  }
}

function nothing(): void {
  // Production: no fault point is set.
}

function countDown(left: Map<string, number>, name: string, kill: () => void): void {
  const remaining = (left.get(name) ?? 0) - 1;
  left.set(name, remaining);
  if (remaining === 0) kill();
}

function killOwnProcess(): void {
  process.kill(process.pid, 'SIGKILL');
}
