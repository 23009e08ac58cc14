import type { ServerResponse } from 'node:http';

/** Runs work that ends early when its client leaves before the answer. */
export async function whileClientListens<T>(
  response: Pick<ServerResponse, 'once' | 'off' | 'writableEnded'>,
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
