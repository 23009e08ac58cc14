import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { closeUnused, watchUnused } from './unused-connections.js';

it('closes only connections on which no request has come', async () => {
  const answers: (() => void)[] = [];
  const server = createServer((_request, response) => void answers.push(() => response.end('done')));
  watchUnused(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const open = async (): Promise<Socket> => {
    const socket = connect(port, '127.0.0.1');
    await once(server, 'connection');
    return socket;
  };
  const [idle, busy] = [await open(), await open()];
  busy.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  while (answers.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  const closed = once(server, 'close');
  server.close();
  closeUnused(server);
  await once(idle.resume(), 'close');
  answers[0]?.();
  const [text] = (await once(busy, 'data')) as [Buffer];
  expect(text.toString()).toContain('done');
  await closed;
});
