import { pause } from '../test/support/appliance-process.js';
import type { ApiClient } from '../test/support/api-client.js';

/** Searching without a pause would slow down what it waits for. */
const POLL_MS = 25;
const LIMIT_MS = 30_000;
/** Until a search that was refused for now is tried again. */
const REFUSED_MS = 250;

/**
 * Sends one event that can be told from all others and searches until it is found: milliseconds from the
 * acknowledgement on. Throws when it isn't found within 30 s.
 */
export async function measureSearchable(api: ApiClient, stream: string, mark: string): Promise<number> {
  const event = {
    timestamp: new Date().toISOString(),
    level: 'INFO',
    service: 'probe',
    message: `probe ${mark}`,
  };
  const { status } = await api.send(stream, Buffer.from(`${JSON.stringify(event)}\n`));
  if (status !== 202) throw new Error(`A probe was answered ${status}`);
  const ackedMs = performance.now();
  const query = {
    stream,
    service: 'probe',
    search: mark,
    start_time: 'now-5m',
    end_time: 'now+5m',
    limit: 1,
  };
  while (performance.now() - ackedMs < LIMIT_MS) {
    const { body } = await api.logs(query);
    if (body.total > 0) return performance.now() - ackedMs;
    await pause(POLL_MS);
  }
  throw new Error(`Probe ${mark} was not found within ${LIMIT_MS} ms`);
}

/** Searches that read everything, one after the other on each of `count` lanes, until told to stop. */
export class SlowSearches {
  /** Searches that came to an end. */
  finished = 0;
  private stopped = false;
  private readonly lanes: readonly Promise<void>[];

  constructor(
    private readonly api: ApiClient,
    private readonly stream: string,
    count: number,
  ) {
    this.lanes = Array.from({ length: count }, (_, lane) => this.searchOnAndOn(lane));
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.lanes);
  }

  private async searchOnAndOn(lane: number): Promise<void> {
    while (!this.stopped) {
      // Ends of words, of which no index knows that they are nowhere.
      const query = `message:*obody\\ ${lane}x*`;
      const asked = { stream: this.stream, start_time: 'now-60d', query, sort: 'asc', limit: 1_000 };
      const { status, body } = await this.api.logs(asked);
      // As many as a key may have run at once; the others wait, as a polite client does.
      if (status === 429) await pause(REFUSED_MS);
      else if (status !== 200 || body.total !== 0) throw new Error(`A search was answered ${status}.`);
      else this.finished += 1;
    }
  }
}
