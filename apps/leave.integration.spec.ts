import { once } from 'node:events';
import { Agent, createServer, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { leaveMs, takeLastRequests } from './leave.js';

let server: Server;
let agent: Agent;
beforeEach(async () => {
  server = createServer((_request, response) => response.end('answer'));
  agent = new Agent({ keepAlive: true, maxSockets: 1 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  agent.destroy();
  server.closeAllConnections();
  server.close();
});

async function ask(): Promise<string | undefined> {
  const { port } = server.address() as AddressInfo;
  const [answer] = (await once(get({ port, host: '127.0.0.1', agent }), 'response')) as [IncomingMessage];
  answer.resume();
  await once(answer, 'end');
  return answer.headers.connection;
}

describe('a process that goes', () => {
  it('still answers, and closes the connection with each answer', async () => {
    expect(await ask()).toBe('keep-alive');
    const left = takeLastRequests(server, 300);
    expect(await ask()).toBe('close');
    expect(await ask()).toBe('close');
    await left;
  });

  it('goes at once where nobody else takes requests, where it takes none, and where that is set', () => {
    const httpLeaveSeconds = undefined;
    expect(leaveMs({ roles: ['api', 'worker', 'scheduler'], httpLeaveSeconds })).toBe(0);
    expect(leaveMs({ roles: ['worker'], httpLeaveSeconds: 9 })).toBe(0);
    expect(leaveMs({ roles: ['api'], httpLeaveSeconds: 0 })).toBe(0);
    expect(leaveMs({ roles: ['api'], httpLeaveSeconds })).toBe(5_000);
    expect(leaveMs({ roles: ['api', 'worker', 'scheduler'], httpLeaveSeconds: 2 })).toBe(2_000);
  });
});
