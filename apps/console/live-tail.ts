import { ApiError, type Api, type LogEvent, type ProblemBody } from './api.js';
import { EventStreamCutter, type StreamMessage } from './event-stream.js';
import { MAX_ROWS } from './rows.js';

/** Between two changes of the page: milliseconds. */
const SHOW_MS = 250;

export interface TailView {
  /** The newest of those that have come since the last call, oldest first; `came` and `dropped` are of the whole tail. */
  readonly show: (events: readonly LogEvent[], counts: { came: number; dropped: number }) => void;
}

/**
 * Follows events until the signal ends it. However many come, only as many as the page has rows are parsed and shown at a
 * time.
 *
 * @throws ApiError where the server refuses, ends it, or is gone
 */
export async function followEvents(
  api: Api,
  query: string,
  view: TailView,
  signal: AbortSignal,
): Promise<void> {
  const search = new URLSearchParams(query.trim() === '' ? {} : { query });
  const answer = await api.open(`/api/v1/logs/tail?${search.toString()}`, { signal });
  const received = new Received(view);
  const timer = setInterval(() => received.show(), SHOW_MS);
  try {
    await readAll(answer, (message) => received.add(message));
  } finally {
    clearInterval(timer);
    received.show();
  }
}

async function readAll(answer: Response, add: (message: StreamMessage) => void): Promise<void> {
  const cutter = new EventStreamCutter();
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  for (let piece = await reader?.read(); piece && !piece.done; piece = await reader?.read())
    for (const message of cutter.add(piece.value)) add(message);
  throw new ApiError(ENDED);
}

const ENDED: ProblemBody = {
  code: 'tail_ended',
  title: 'The server ended the live tail',
  detail: 'The connection was closed.',
  mend: 'Press Live to follow again.',
};

/** What has come and isn't shown yet. */
class Received {
  #waiting: string[] = [];
  #came = 0;
  #dropped = 0;
  #changed = true;

  constructor(private readonly view: TailView) {}

  /** @throws ApiError where the server says why it ends */
  add({ event, data }: StreamMessage): void {
    this.#changed = true;
    if (event === 'problem') throw new ApiError(JSON.parse(data) as ProblemBody);
    if (event === 'dropped') this.#dropped += (JSON.parse(data) as { dropped: number }).dropped;
    if (event !== 'log') return;
    this.#came += 1;
    this.#waiting.push(data);
    if (this.#waiting.length > 2 * MAX_ROWS) this.#waiting = this.#waiting.slice(-MAX_ROWS);
  }

  show(): void {
    if (!this.#changed) return;
    this.#changed = false;
    const events = this.#waiting.slice(-MAX_ROWS).map((text) => JSON.parse(text) as LogEvent);
    this.#waiting = [];
    this.view.show(events, { came: this.#came, dropped: this.#dropped });
  }
}
