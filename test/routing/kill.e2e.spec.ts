import { afterEach, expect, it } from 'vitest';
import { pause } from '../support/appliance-process.js';
import { restartAtPoint } from '../support/restart-at-point.js';
import { createSeededRandom } from '../support/seeded-random.js';
import { Appliance } from '../support/start-appliance.js';
import { RoutedLoad } from './routed-load.js';
import { RoutingClient } from './routing-client.js';

const SEED = Number(process.env['ALLUVIUM_TEST_SEED'] ?? 8);
/** Where the process ends itself; with none it is killed at any moment. */
const POINTS = [
  'bus.after-commit:3',
  'worker.after-state:2',
  '',
  'worker.after-insert:2',
  'worker.before-commit:3',
  'bus.before-remove:2',
  'catalogue.after-commit:9',
];
const LOAD_MS = 1_200;

let appliance: Appliance | undefined;
afterEach(() => appliance?.dispose());

it(`routes every event once, whatever kills the server while rules change (seed ${SEED})`, async () => {
  const random = createSeededRandom(SEED);
  const server = (appliance = await (await Appliance.prepare()).restart());
  const client = new RoutingClient(server);
  await client.makeStreams({ alpha: 'log', logins: 'login' });
  const load = new RoutedLoad(client, SEED);
  for (const point of POINTS) {
    // What the last process left may bring it to its point before it is ready.
    await restartAtPoint(server, point === '' ? undefined : point);
    await load.finish();
    const ended = new AbortController();
    const running = load.run(3, ended.signal);
    const limit = point === '' ? 200 + random.below(LOAD_MS) : LOAD_MS * 5;
    await Promise.race([pause(limit), server.exited]);
    if (point === '') await server.kill();
    expect([point, (await server.exited).signal]).toEqual([point, 'SIGKILL']);
    ended.abort();
    await running;
  }
  await server.restart();
  await load.finish();
  expect(await client.settled()).toBe(0);
  expect(await load.differences()).toEqual([]);
  expect(load.acknowledged).toBeGreaterThan(20);
  expect(load.changes).toBeGreaterThan(10);
  for (const stream of ['default', 'alpha', 'logins'])
    expect(await client.call('GET', `streams/${stream}/roll-ups/check`)).toMatchObject({ ok: true });
}, 300_000);
