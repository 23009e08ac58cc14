import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Passes connections on to an appliance, and cuts the first ones off after so many bytes of answers. */
export class CuttingProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #cuts: number[];

  private constructor(target: URL, cuts: readonly number[]) {
    this.#cuts = [...cuts];
    this.#server = createServer((client) =>
      this.#pass(client, connect(Number(target.port), target.hostname)),
    );
  }

  /** @param cuts bytes after which the first, the second … connection is cut; later ones are not. */
  static async start(url: string, cuts: readonly number[]): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(new URL(url), cuts);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** How many connections are still to be cut. */
  get cutsLeft(): number {
    return this.#cuts.length;
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  #pass(client: Socket, server: Socket): void {
    const cutAfter = this.#cuts[0];
    let left = cutAfter ?? Infinity;
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => this.#end(client, server));
    }
    client.pipe(server);
    server.on('data', (bytes: Buffer) => {
      client.write(bytes.subarray(0, left));
      left -= bytes.length;
      if (left > 0) return;
      if (cutAfter !== undefined) this.#cuts = this.#cuts.slice(1);
      this.#end(client, server);
    });
  }

  #end(...sockets: readonly Socket[]): void {
    for (const socket of sockets) {
      socket.destroySoon();
      this.#sockets.delete(socket);
    }
  }
}
