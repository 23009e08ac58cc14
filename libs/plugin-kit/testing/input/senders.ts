import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { InputAddress } from '#plugin-kit';

/** Sends datagrams, one after the other. */
export async function sendDatagrams(
  { port }: Pick<InputAddress, 'port'>,
  datagrams: readonly Uint8Array[],
): Promise<void> {
  const socket = createSocket('udp4');
  for (const datagram of datagrams)
    await new Promise<void>((resolve, reject) => {
      socket.send(datagram, port, '127.0.0.1', (error) => (error ? reject(error) : resolve()));
    });
  await new Promise<void>((resolve) => socket.close(() => resolve()));
}

/** Writes bytes to a connection of its own, ends it, and waits until the other side has ended it too. */
export async function sendStream({ port }: Pick<InputAddress, 'port'>, bytes: Uint8Array): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.resume();
  const closed = once(socket, 'close');
  socket.end(bytes);
  await closed;
}
