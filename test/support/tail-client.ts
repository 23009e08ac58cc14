import { get, type ClientRequest, type IncomingMessage } from 'node:http';
import type { ApiTarget, FoundEvent } from './api-client.js';

/** A live tail as server-sent events, read as fast as the test lets it be. */
export class TailClient {
  readonly events: FoundEvent[] = [];
  /** Events that came, kept or not. */
  came = 0;
  dropped = 0;
  /** Why the server ended the tail. */
  problem: { readonly code: string } | undefined;
  /** Resolves when the answer is over, however. */
  readonly ended: Promise<void>;
  #rest = '';

  private constructor(
    private readonly request: ClientRequest,
    private readonly answer: IncomingMessage,
    private readonly keeps: boolean,
  ) {
    this.ended = new Promise((resolve) => answer.once('close', resolve));
    answer.setEncoding('utf8').on('data', (piece: string) => this.#read(piece));
    answer.on('error', () => undefined);
  }

  /** Resolves when the server follows. @param keeps whether events are kept, or only counted */
  static open(
    target: ApiTarget,
    query: Readonly<Record<string, string>> = {},
    keeps = true,
  ): Promise<TailClient> {
    const url = `${target.url}/api/v1/logs/tail?${new URLSearchParams(query).toString()}`;
    const headers = { authorization: `Bearer ${target.adminKey}` };
    return new Promise((resolve, reject) => {
      const request = get(url, { headers, agent: false }, (answer) => {
        if (answer.statusCode === 200) resolve(new TailClient(request, answer, keeps));
        else reject(new Error(`The tail answered ${answer.statusCode}`));
      });
      request.once('error', reject);
    });
  }

  /** Events that came, and that the server says it left out. */
  get accounted(): number {
    return this.came + this.dropped;
  }

  /** Takes nothing off the connection until {@link resume}. */
  pause(): void {
    this.answer.pause();
  }

  resume(): void {
    this.answer.resume();
  }

  leave(): void {
    this.request.destroy();
  }

  #read(piece: string): void {
    const frames = (this.#rest + piece).split('\n\n');
    this.#rest = frames.pop() ?? '';
    for (const frame of frames) this.#take(frame);
  }

  #take(frame: string): void {
    const [head = '', ...lines] = frame.split('\n');
    if (head.startsWith(':')) return;
    if (head === 'event: log') this.came += 1;
    if (head === 'event: log' && !this.keeps) return;
    const data = JSON.parse(lines.at(-1)?.slice('data: '.length) ?? '') as object;
    if (head === 'event: log') this.events.push(data as FoundEvent);
    if (head === 'event: dropped') this.dropped += (data as { dropped: number }).dropped;
    if (head === 'event: problem') this.problem = data as { code: string };
  }
}
