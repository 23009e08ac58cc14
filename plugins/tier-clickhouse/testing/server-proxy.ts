import { readFile } from 'node:fs/promises';
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';

interface Loss {
  readonly of: RegExp;
  readonly lateMs: number;
  readonly passed: (status: number) => void;
}

/** Stands between a tier and its server: with a certificate of its own, or losing what is sent. */
export class ServerProxy {
  #server: Server | undefined;
  #loss: Loss | undefined;

  private constructor(
    private readonly target: URL,
    private readonly scheme: 'http' | 'https',
  ) {}

  /** @param tls paths of a certificate and its key, for HTTPS on the client's side */
  static async start(
    url: string,
    tls?: { readonly cert: string; readonly key: string },
  ): Promise<ServerProxy> {
    const proxy = new ServerProxy(new URL(url), tls ? 'https' : 'http');
    const pass = (from: IncomingMessage, to: ServerResponse): void => void proxy.#pass(from, to);
    proxy.#server = tls
      ? createTlsServer({ cert: await readFile(tls.cert), key: await readFile(tls.key) }, pass)
      : createServer(pass);
    await new Promise<void>((resolve) => proxy.#server?.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** By a name that certificates of tests have. */
  get url(): string {
    const address = this.#server?.address() as AddressInfo | undefined;
    return `${this.scheme}://localhost:${address?.port}`;
  }

  /**
   * Cuts the connection of the next statement that matches, and hands the statement to the server that much later. Resolves
   * with what the server answered then.
   */
  lose(of: RegExp, lateMs: number): Promise<number> {
    return new Promise((passed) => {
      this.#loss = { of, lateMs, passed };
    });
  }

  close(): void {
    this.#server?.closeAllConnections();
    this.#server?.close();
  }

  async #pass(from: IncomingMessage, to: ServerResponse): Promise<void> {
    const body = await buffer(from).catch(() => undefined);
    if (!body) return;
    const loss = this.#loss;
    if (!loss?.of.test(body.toString('latin1'))) return void this.#ask(from, body, to);
    this.#loss = undefined;
    from.socket.destroy();
    await pause(loss.lateMs);
    this.#ask(from, body, undefined, loss.passed);
  }

  #ask(
    from: IncomingMessage,
    body: Buffer,
    ...[to, told]: [to: ServerResponse | undefined, told?: (status: number) => void]
  ): void {
    const { method, headers, url } = from;
    const asked = request(new URL(String(url), this.target), { method, headers }, (answer) => {
      to?.writeHead(answer.statusCode ?? 502, answer.headers);
      if (to) answer.pipe(to);
      else answer.resume().on('end', () => told?.(answer.statusCode ?? 0));
    });
    asked.on('error', () => to?.destroy());
    asked.end(body);
  }
}
