import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { open } from 'lmdb';

/**
 * The least that makes a request durable, in a process of its own: Node's HTTP server before an LMDB log. Requests that come
 * during a commit share the next one, and its block. Nothing is checked, counted, signed, parsed or stored in tables.
 *
 * Takes the log's directory as its first message, tells its address, and ends with who forked it.
 */
const ANSWER = Buffer.from('{"accepted":1}');

interface Waiting {
  readonly body: Buffer;
  readonly answer: ServerResponse;
}

class BareLog {
  private waiting: Waiting[] = [];
  private isWriting = false;
  private position = 0;
  private readonly log;

  constructor(directory: string) {
    this.log = open<Buffer, number>({
      path: directory,
      encoding: 'binary',
      overlappingSync: false,
      noMemInit: true,
    });
  }

  take(request: IncomingMessage, answer: ServerResponse): void {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      this.waiting.push({ body: Buffer.concat(pieces), answer });
      if (!this.isWriting) void this.write();
    });
  }

  private async write(): Promise<void> {
    this.isWriting = true;
    while (this.waiting.length > 0) {
      const group = this.waiting;
      this.waiting = [];
      await this.log.put((this.position += 1), Buffer.concat(group.map(({ body }) => body)));
      for (const { answer } of group) answer.writeHead(202, { 'content-length': ANSWER.length }).end(ANSWER);
    }
    this.isWriting = false;
  }
}

process.once('disconnect', () => process.exit());
process.once('message', (directory: string) => void serve(directory));

async function serve(directory: string): Promise<void> {
  const log = new BareLog(directory);
  const server = createServer((request, answer) => log.take(request, answer));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}
