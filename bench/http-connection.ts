import { connect, type Socket } from 'node:net';
import { once } from 'node:events';

export interface RawAnswer {
  readonly status: number;
  readonly body: string;
}

interface Waiter {
  readonly resolve: (answer: RawAnswer) => void;
  readonly reject: (error: Error) => void;
}

const HEAD_END = '\r\n\r\n';
/** Bytes of a body below which a copy costs less than a second piece to write. */
const SMALL_BODY = 16 * 1024;

/**
 * One HTTP/1.1 connection that carries one request after the other, with as little work as can be, since the sender
 * shares the cores with what it measures. Knows answers with a content-length only.
 */
export class HttpConnection {
  private received = '';
  private waiter: Waiter | undefined;

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true).setEncoding('latin1');
    socket.on('data', (chunk: string) => this.read(chunk));
    socket.on('error', (error) => this.fail(error));
    socket.on('close', () => this.fail(new Error('The server closed the connection')));
  }

  static async open(url: string): Promise<HttpConnection> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    return new HttpConnection(socket);
  }

  /** Sends a whole request: its head as {@link renderHead} makes it, then its body. One at a time. */
  request(head: string, body: Buffer): Promise<RawAnswer> {
    return new Promise((resolve, reject) => {
      this.waiter = { resolve, reject };
      if (body.length < SMALL_BODY) this.socket.write(Buffer.concat([Buffer.from(head, 'latin1'), body]));
      else this.writeApart(head, body);
    });
  }

  private writeApart(head: string, body: Buffer): void {
    this.socket.cork();
    this.socket.write(head, 'latin1');
    this.socket.write(body);
    this.socket.uncork();
  }

  close(): void {
    this.socket.destroy();
  }

  private read(chunk: string): void {
    this.received += chunk;
    const headEnd = this.received.indexOf(HEAD_END);
    if (headEnd < 0) return;
    const head = this.received.slice(0, headEnd);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    if (length === undefined) return this.fail(new Error(`An answer without content-length: ${head}`));
    const end = headEnd + HEAD_END.length + Number(length);
    if (this.received.length < end) return;
    const answer = {
      status: Number(head.slice(9, 12)),
      body: this.received.slice(headEnd + HEAD_END.length, end),
    };
    this.received = this.received.slice(end);
    const { waiter } = this;
    this.waiter = undefined;
    waiter?.resolve(answer);
  }

  private fail(error: Error): void {
    const { waiter } = this;
    this.waiter = undefined;
    waiter?.reject(error);
  }
}

/** The head of a POST of NDJSON. */
export function renderHead(path: string, key: string, length: number): string {
  return [
    `POST ${path} HTTP/1.1`,
    'host: 127.0.0.1',
    `authorization: Bearer ${key}`,
    'content-type: application/x-ndjson',
    `content-length: ${length}${HEAD_END}`,
  ].join('\r\n');
}
