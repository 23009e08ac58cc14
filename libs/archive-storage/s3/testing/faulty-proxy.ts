import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/**
 * What becomes of a request: an error of the store's in place of an answer, none at all, a connection that is cut when the
 * store has done it (`lost`) or before it has heard of it (`cut`), an answer that breaks off (`short`), stops (`stalled`)
 * or has another byte in its middle (`wrong`); of what is sent, one byte (`spoilt`).
 */
export type Fault =
  'InternalError' | 'SlowDown' | 'silent' | 'lost' | 'cut' | 'short' | 'stalled' | 'wrong' | 'spoilt';

interface Scripted {
  /** Of the method and the path, such as `PUT /archives/a.json`. */
  readonly of: RegExp;
  readonly fault: Fault;
  left: number;
}

const ANSWERS: Readonly<Partial<Record<Fault, number>>> = { InternalError: 500, SlowDown: 503 };

/** Stands between an adapter and a real store, and does to single requests what a script says. */
export class FaultyProxy {
  #server: Server | undefined;
  #script: Scripted[] = [];
  /** How often a scripted fault has happened. */
  happened = 0;

  private constructor(private readonly target: URL) {}

  static async start(endpoint: string): Promise<FaultyProxy> {
    const proxy = new FaultyProxy(new URL(endpoint));
    proxy.#server = createServer((from, to) => void proxy.#pass(from, to));
    await new Promise<void>((resolve) => proxy.#server?.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get endpoint(): string {
    const address = this.#server?.address() as AddressInfo | undefined;
    return `http://127.0.0.1:${address?.port}`;
  }

  /** The next so many requests that match; what was scripted before is forgotten. */
  script(of: RegExp, fault: Fault, times: number): void {
    this.#script = [{ of, fault, left: times }];
    this.happened = 0;
  }

  close(): void {
    this.#server?.closeAllConnections();
    this.#server?.close();
  }

  #faultOf({ method, url }: IncomingMessage): Fault | undefined {
    const found = this.#script.find(({ of, left }) => left > 0 && of.test(`${method} ${url}`));
    if (!found) return undefined;
    found.left -= 1;
    this.happened += 1;
    return found.fault;
  }

  async #pass(from: IncomingMessage, to: ServerResponse): Promise<void> {
    const fault = this.#faultOf(from);
    const body = await buffer(from).catch(() => undefined);
    if (!body || fault === 'silent') return;
    if (fault === 'cut') return void from.socket.destroy();
    const status = fault && ANSWERS[fault];
    if (status)
      return void to.writeHead(status).end(`<Error><Code>${fault}</Code><Message>scripted</Message></Error>`);
    if (fault === 'spoilt') flipMiddle(body);
    const { method, headers, url } = from;
    const asked = request(new URL(String(url), this.target), { method, headers }, (answer) => {
      void buffer(answer).then((bytes) => reply(fault, { answer, bytes, to }));
    });
    asked.on('error', () => to.destroy());
    asked.end(body);
  }
}

interface Reply {
  readonly answer: IncomingMessage;
  readonly bytes: Buffer;
  readonly to: ServerResponse;
}

function reply(fault: Fault | undefined, { answer, bytes, to }: Reply): void {
  const middle = Math.trunc(bytes.length / 2);
  if (fault === 'lost') return void to.destroy();
  if (fault === 'wrong') flipMiddle(bytes);
  to.writeHead(answer.statusCode ?? 502, answer.headers);
  if (fault === 'short') to.write(bytes.subarray(0, middle), () => to.destroy());
  else if (fault === 'stalled') to.write(bytes.subarray(0, middle));
  else to.end(bytes);
}

function flipMiddle(bytes: Buffer): void {
  const middle = Math.trunc(bytes.length / 2);
  bytes.writeUInt8(bytes.readUInt8(middle) ^ 1, middle);
}
