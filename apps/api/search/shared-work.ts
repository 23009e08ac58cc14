import { Injectable } from '@nestjs/common';

interface Execution {
  readonly result: Promise<unknown>;
  readonly leave: AbortController;
  waiting: number;
}

/**
 * Lets those who ask the same at the same time share one execution. One of them leaving ends only the own wait; the last
 * one leaving ends the execution.
 */
@Injectable()
export class SharedWork {
  readonly #running = new Map<string, Execution>();

  /** @param question names the work and whose it is: the same text means the same answer for the same tenant */
  async run<T>(question: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    const execution = this.#running.get(question) ?? this.#begin(question, work);
    execution.waiting += 1;
    const { left, forget } = whenAborted(signal);
    try {
      return (await Promise.race([execution.result, left])) as T;
    } finally {
      forget();
      this.#leave(question, execution, signal.reason);
    }
  }

  #begin(question: string, work: (signal: AbortSignal) => Promise<unknown>): Execution {
    const leave = new AbortController();
    const execution: Execution = { result: work(leave.signal), leave, waiting: 0 };
    const forget = (): void => this.#forget(question, execution);
    execution.result.then(forget, forget);
    this.#running.set(question, execution);
    return execution;
  }

  #leave(question: string, execution: Execution, reason: unknown): void {
    execution.waiting -= 1;
    if (execution.waiting > 0) return;
    this.#forget(question, execution);
    execution.leave.abort(reason);
  }

  #forget(question: string, execution: Execution): void {
    if (this.#running.get(question) === execution) this.#running.delete(question);
  }
}

function whenAborted(signal: AbortSignal): { left: Promise<never>; forget: () => void } {
  let leave: () => void = () => undefined;
  const left = new Promise<never>((_resolve, reject) => {
    leave = () => reject(signal.reason as Error);
    signal.addEventListener('abort', leave, { once: true });
  });
  return { left, forget: () => signal.removeEventListener('abort', leave) };
}
