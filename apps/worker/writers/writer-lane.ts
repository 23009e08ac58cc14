import type { StreamSpec } from '#plugin-kit';
import type { Commit } from '../consumers/event-bus.strategy.js';
import type { StreamWriter } from './stream-writer.js';

/** A stream, as writers know it. */
export type Named = Pick<StreamSpec, 'tenant' | 'name'>;

/** A lane that this process has, and its writers, by state. */
export interface Lane {
  readonly epoch: number;
  readonly commit: Commit;
  readonly ended: AbortController;
  readonly writers: Map<string, Promise<StreamWriter>>;
}

/** Moves come over no lane. */
export async function noCommit(): Promise<void> {}

export function nameOf({ tenant, name }: Named): string {
  return `${tenant}/${name}`;
}

export async function whilePaused<T>(writers: readonly StreamWriter[], work: () => Promise<T>): Promise<T> {
  const resumes = await Promise.all(writers.map((writer) => writer.pause()));
  try {
    return await work();
  } finally {
    for (const resume of resumes) resume();
  }
}

/** Those of the writers that could be opened; the blocks of the others come again. */
export async function opened(writers: Iterable<Promise<StreamWriter>>): Promise<StreamWriter[]> {
  const results = await Promise.allSettled(writers);
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

export async function end(lane: Lane, reason: string): Promise<void> {
  lane.ended.abort(new Error(reason));
  const writers = await opened(lane.writers.values());
  await Promise.all(writers.map((writer) => writer.abandon()));
}
