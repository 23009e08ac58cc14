import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { BSON } from 'mongodb';

const HEADER_BYTES = 16;
const OP_REPLY = 1;
const OP_QUERY = 2004;
/** That of MongoDB 4.2. */
const WIRE_VERSION = 8;

/** A server that says it is a MongoDB of a version that nobody has here: it answers the greeting and nothing else. */
export async function startOldMongodb(): Promise<{ readonly uri: string; stop(): void }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    socket.on('data', (bytes: Buffer) => {
      if (bytes.readInt32LE(12) !== OP_QUERY) return socket.destroy();
      return socket.write(reply(bytes.readInt32LE(4), HELLO));
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as { readonly port: number };
  const host = `127.0.0.1:${port}`;
  const set = { setName: 'rs0', setVersion: 1, hosts: [host], me: host, primary: host };
  const HELLO = {
    ...{ ismaster: true, helloOk: true, ok: 1, ...set },
    ...{ minWireVersion: 0, maxWireVersion: WIRE_VERSION, maxBsonObjectSize: 2 ** 24 },
  };
  return {
    uri: `mongodb://${host}/?replicaSet=rs0`,
    stop() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function reply(to: number, document: object): Buffer {
  const body = BSON.serialize(document);
  const head = Buffer.alloc(HEADER_BYTES + 20);
  head.writeInt32LE(head.length + body.length, 0);
  head.writeInt32LE(to, 8);
  head.writeInt32LE(OP_REPLY, 12);
  // How many documents follow.
  head.writeInt32LE(1, HEADER_BYTES + 16);
  return Buffer.concat([head, body]);
}
