import { randomBytes } from 'node:crypto';
import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseBlockId, type BlockId } from '#event-model';
import type { StreamSpec } from '#plugin-kit';
import { startTestApi, type TestApi, type TestApiOptions } from '../../testing/test-api.js';

/** A stream of the test's tenant. */
export const streamOf = (name: string, tenant = 'default'): StreamSpec => ({
  tenant,
  name,
  eventType: { name: 'log', title: '', description: '', fields: [], sortBy: [], rollUps: [], example: {} },
  keepRaw: 'when_needed',
});

/** The API on a port, whose tier has blocks that a test stores. */
export interface TailApi extends TestApi {
  readonly port: number;
  /** Stores a block of these events and tells of it. */
  store(stream: StreamSpec, events: readonly object[]): BlockId;
}

export async function startTailApi(options: TestApiOptions = {}): Promise<TailApi> {
  const api = await startTestApi(options);
  await api.app.listen(0, '127.0.0.1');
  const { port } = api.app.getHttpServer().address() as AddressInfo;
  const store = (stream: StreamSpec, events: readonly object[]): BlockId => {
    const id = parseBlockId(randomBytes(16).toString('hex'));
    if (!id) throw new Error('made no id of a block');
    const lines = events.map((event, row) => JSON.stringify({ event_id: `${id}-${row}`, ...event }));
    api.tier.blockLines.set(id, lines);
    api.notices.tell({ stream, blocks: [{ id, count: lines.length, bytes: lines.join('').length }] });
    return id;
  };
  return { ...api, port, store };
}

/** What a tail as server-sent events said, frame by frame. */
export class ServerSentEvents {
  readonly #chunks: AsyncIterator<string>;
  #text = '';

  private constructor(readonly answer: IncomingMessage) {
    this.#chunks = answer.setEncoding('utf8')[Symbol.asyncIterator]() as AsyncIterator<string>;
  }

  /** Follows; the first comment has been read. */
  static async open(api: TailApi, query: string, authorization: string): Promise<ServerSentEvents> {
    const url = `http://127.0.0.1:${api.port}/api/v1/logs/tail${query}`;
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      get(url, { headers: { authorization } }, resolve).once('error', reject);
    });
    const opened = new ServerSentEvents(answer);
    const first = await opened.next();
    if (first !== ': following') throw new Error(`${answer.statusCode} ${first}`);
    return opened;
  }

  /** The next frame; undefined where the answer has ended. */
  async next(): Promise<string | undefined> {
    for (;;) {
      const end = this.#text.indexOf('\n\n');
      if (end >= 0) {
        const frame = this.#text.slice(0, end);
        this.#text = this.#text.slice(end + 2);
        return frame;
      }
      const { done, value } = await this.#chunks.next();
      if (done) return undefined;
      this.#text += value;
    }
  }

  /** The next frame's data. */
  async data(): Promise<Record<string, unknown>> {
    const frame = (await this.next()) ?? 'data: {"ended":true}';
    return JSON.parse(frame.slice(frame.indexOf('data: ') + 6)) as Record<string, unknown>;
  }

  leave(): void {
    this.answer.destroy();
  }
}
