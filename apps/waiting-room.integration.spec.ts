import { afterEach, expect, it } from 'vitest';
import { openWaitingRoom, type WaitingRoom } from './waiting-room.js';

let room: WaitingRoom;
afterEach(() => room.close());

async function ask(path: string): Promise<readonly [number, string]> {
  const answer = await fetch(`http://127.0.0.1:${room.port}${path}`);
  return [answer.status, await answer.text()];
}

it('lives, is not ready, says so in its metrics, and refuses all else whole', async () => {
  room = await openWaitingRoom({ host: '127.0.0.1', port: 0 });
  expect(await ask('/health/live')).toEqual([200, '{"status":"up"}']);
  expect(await ask('/health/ready')).toEqual([503, '{"status":"down"}']);
  expect(await ask('/api/v1/events')).toEqual([503, expect.stringContaining('catalogue_unavailable')]);
  expect(await ask('/metrics')).toEqual([200, expect.stringMatching(/^alluvium_ready 0$/m)]);
});
