import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
type Signal = (typeof SIGNALS)[number];

/** What is to be done before this process ends by a signal. */
const ends = new Set<() => unknown>();

/**
 * Calls `end` when this process is asked to end by Ctrl-C (SIGINT) or by SIGTERM, and ends it once all that was asked for
 * is done, with the exit code that a shell gives such an end (128 and the signal's number). What is handed back takes it
 * back.
 */
export function atSignals(end: () => unknown): () => void {
  if (ends.size === 0) for (const signal of SIGNALS) process.on(signal, endAll);
  ends.add(end);
  return () => {
    if (ends.delete(end) && ends.size === 0) for (const signal of SIGNALS) process.off(signal, endAll);
  };
}

/** Ends a process with this one, by its own id, where a signal ends this one. */
export function killAtSignals(child: ChildProcess): void {
  const ended = once(child, 'exit');
  const takeBack = atSignals(() => {
    child.kill('SIGKILL');
    return ended;
  });
  ended.then(takeBack, takeBack);
}

function endAll(signal: Signal): void {
  const all = [...ends].map(async (end) => end());
  void Promise.allSettled(all).then(() => process.exit(128 + constants.signals[signal]));
}
