import { pause } from '../test/support/appliance-process.js';
import { HttpConnection, renderHead } from './http-connection.js';
import { spreadOf } from './numbers.js';
import type { RequestBody } from './request-bodies.js';
import type { SenderJob, SenderResult } from './sender-job.js';

const RETRY_MS = 20;

/** Sends prepared bodies over several connections, and measures each request. */
export class Sending {
  private readonly latencies: number[] = [];
  private readonly byStream = new Map<string, number>();
  private readonly receipts = new Map<number, string>();
  private readonly heads = new Map<string, string>();
  private refused = 0;
  private next = 0;

  constructor(
    private readonly job: SenderJob,
    private readonly bodies: readonly RequestBody[],
  ) {}

  async run(): Promise<SenderResult> {
    const connections = await Promise.all(
      Array.from({ length: this.job.connections }, () => HttpConnection.open(this.job.url)),
    );
    const startMs = performance.now();
    await Promise.all(connections.map((connection, n) => this.sendAll(connection, n, startMs)));
    const elapsedMs = performance.now() - startMs;
    for (const connection of connections) connection.close();
    return this.summarise(elapsedMs);
  }

  private summarise(elapsedMs: number): SenderResult {
    return {
      acceptedEvents: [...this.byStream.values()].reduce((sum, events) => sum + events, 0),
      requests: this.latencies.length,
      refused: this.refused,
      elapsedMs,
      acknowledgement: spreadOf(this.latencies),
      receipts: [...this.receipts.values()],
      eventsByStream: Object.fromEntries(this.byStream),
    };
  }

  private async sendAll(connection: HttpConnection, number: number, startMs: number): Promise<void> {
    for (let index = this.claim(startMs); index !== undefined; index = this.claim(startMs)) {
      const body = this.bodies[index % this.bodies.length];
      const stream = this.job.streams[index % this.job.streams.length];
      if (body === undefined || stream === undefined) return;
      await this.keepPace(index, body.events, startMs);
      const receipt = await this.send(connection, stream, body);
      this.receipts.set(number, receipt);
    }
  }

  private claim(startMs: number): number | undefined {
    const { seconds } = this.job;
    const isOver =
      seconds > 0 ? performance.now() - startMs >= seconds * 1000 : this.next >= this.bodies.length;
    return isOver ? undefined : this.next++;
  }

  private async keepPace(index: number, events: number, startMs: number): Promise<void> {
    if (this.job.rate === 0) return;
    const dueMs = startMs + (index * events * 1000) / this.job.rate;
    const earlyMs = dueMs - performance.now();
    if (earlyMs > 1) await pause(earlyMs);
  }

  private async send(connection: HttpConnection, stream: string, body: RequestBody): Promise<string> {
    for (;;) {
      const startMs = performance.now();
      const answer = await connection.request(this.headFor(stream, body.bytes.length), body.bytes);
      if (answer.status === 202) {
        this.latencies.push(performance.now() - startMs);
        this.byStream.set(stream, (this.byStream.get(stream) ?? 0) + body.events);
        return /"receipt":"([^"]+)"/.exec(answer.body)?.[1] ?? '';
      }
      if (answer.status !== 429 && answer.status !== 503) throw new Error(`${answer.status} ${answer.body}`);
      this.refused += 1;
      await pause(RETRY_MS);
    }
  }

  private headFor(stream: string, length: number): string {
    const name = `${stream}/${length}`;
    const head = this.heads.get(name) ?? renderHead(`/api/v1/streams/${stream}/events`, this.job.key, length);
    this.heads.set(name, head);
    return head;
  }
}
