import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from './free-port.js';
import { TcpProxy } from './tcp-proxy.js';

let server: Server;
let proxy: TcpProxy;
const heard: string[] = [];
beforeEach(async () => {
  heard.length = 0;
  server = createServer((socket) => {
    socket
      .on('error', () => undefined)
      .on('data', (data) => {
        heard.push(String(data));
        socket.write(`answer to ${String(data)}`);
      });
  });
  const target = await freePort();
  await new Promise<void>((resolve) => server.listen(target, '127.0.0.1', resolve));
  proxy = await TcpProxy.start(target, await freePort());
});
afterEach(async () => {
  await proxy.close();
  server.close();
});

async function client(): Promise<Socket> {
  const socket = connect(proxy.port, '127.0.0.1').on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

async function ask(socket: Socket, text: string): Promise<string> {
  const answered = once(socket, 'data');
  const ended = once(socket, 'close').then(() => ['cut']);
  socket.write(text);
  return String((await Promise.race([answered, ended]))[0]);
}

describe('a proxy that faults', () => {
  it('passes on, cuts what is there, and takes new connections', async () => {
    const socket = await client();
    expect(await ask(socket, 'one')).toBe('answer to one');
    const closed = once(socket, 'close');
    expect(proxy.cut()).toBe(1);
    await closed;
    expect(await ask(await client(), 'two')).toBe('answer to two');
  });

  it('loses one answer with its connection; the server has heard the question', async () => {
    const [first, second] = [await client(), await client()];
    proxy.loseAnswer();
    expect(await ask(first, 'lost')).toBe('cut');
    expect(heard).toEqual(['lost']);
    expect(await ask(second, 'kept')).toBe('answer to kept');
  });

  it('refuses connections while it is closed', async () => {
    await proxy.close();
    const refused = connect(proxy.port, '127.0.0.1');
    expect(await once(refused, 'error')).toMatchObject([{ code: 'ECONNREFUSED' }]);
    await proxy.open();
    expect(await ask(await client(), 'again')).toBe('answer to again');
  });
});
