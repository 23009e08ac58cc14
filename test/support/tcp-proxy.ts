import { connect, createServer, type Server, type Socket } from 'node:net';

/** Stands between a client and a server of any protocol, on loopback: cuts connections, or loses what comes back. */
export class TcpProxy {
  private server: Server | undefined;
  private readonly ends = new Set<() => void>();
  private answersToLose = 0;

  private constructor(
    /** Where the server listens. */
    private readonly target: number,
    /** Where clients come. */
    readonly port: number,
  ) {}

  /** @param port a free one, which it keeps for as long as it lives */
  static async start(target: number, port: number): Promise<TcpProxy> {
    const proxy = new TcpProxy(target, port);
    await proxy.open();
    return proxy;
  }

  /** Takes connections, again where it was closed. Idempotent. */
  async open(): Promise<void> {
    if (this.server) return;
    const server = createServer({ noDelay: true }, (client) => this.pass(client));
    this.server = server;
    await new Promise<void>((resolve, reject) =>
      server.once('error', reject).listen(this.port, '127.0.0.1', resolve),
    );
  }

  /** Refuses connections, as a server that is gone, and cuts those that are there. Idempotent. */
  async close(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    const closed = new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
    this.cut();
    await closed;
  }

  /** Cuts every connection. @returns how many there were */
  cut(): number {
    const { size } = this.ends;
    for (const end of this.ends) end();
    return size;
  }

  /** In place of the next answer the connection ends: the server did what it was asked, and nobody hears of it. */
  loseAnswer(): void {
    this.answersToLose = 1;
  }

  private pass(client: Socket): void {
    const server = connect({ port: this.target, host: '127.0.0.1', noDelay: true });
    const end = (): void => {
      this.ends.delete(end);
      client.destroy();
      server.destroy();
    };
    this.ends.add(end);
    for (const socket of [client, server]) socket.on('error', end).on('close', end);
    client.pipe(server);
    server.on('data', (chunk: Buffer) => (this.isLost() ? end() : passOn(chunk, server, client)));
  }

  private isLost(): boolean {
    if (this.answersToLose === 0) return false;
    this.answersToLose -= 1;
    return true;
  }
}

function passOn(chunk: Buffer, from: Socket, to: Socket): void {
  if (to.write(chunk)) return;
  from.pause();
  to.once('drain', () => from.resume());
}
