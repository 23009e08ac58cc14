import { needsVersion, isUnconditional, type Prepared } from './statements.js';

/** Statements that one command has, so that none takes the server long. */
const MAX_STATEMENTS = 1_000;

/**
 * Cuts changes, in their order, into runs that are one command each. In a run each document is once, so that what becomes of a
 * change can be told by what is there behind it; and either all are on condition, of which each is judged by itself, or none
 * is, and the first that fails ends the run.
 */
export function runsOf(changes: readonly Prepared[]): readonly (readonly Prepared[])[] {
  const runs: Run[] = [];
  for (const change of changes) {
    const last = runs.at(-1);
    const run = last?.takes(change) ? last : new Run();
    if (run !== last) runs.push(run);
    run.add(change);
  }
  return runs.map(({ changes: of }) => of);
}

class Run {
  readonly changes: Prepared[] = [];
  readonly #keys = new Set<string>();
  #hasConditions = false;
  #hasVersions = false;

  takes(change: Prepared): boolean {
    if (this.#keys.has(change.key) || this.changes.length === MAX_STATEMENTS) return false;
    return needsVersion(change) ? !this.#hasConditions : isUnconditional(change) || !this.#hasVersions;
  }

  add(change: Prepared): void {
    this.changes.push(change);
    this.#keys.add(change.key);
    this.#hasConditions ||= !isUnconditional(change);
    this.#hasVersions ||= needsVersion(change);
  }
}
