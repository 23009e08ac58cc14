/** What must be known of an answer; Node's `ServerResponse` fits. */
export interface Answer {
  readonly writableEnded: boolean;
  once(event: 'close', listener: () => void): unknown;
  off(event: 'close', listener: () => void): unknown;
}

/** Runs work that ends early when its client leaves before the answer. */
export async function whileClientListens<T>(
  response: Answer,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const leave = (): void => {
    if (!response.writableEnded) controller.abort();
  };
  response.once('close', leave);
  try {
    return await work(controller.signal);
  } finally {
    response.off('close', leave);
  }
}
