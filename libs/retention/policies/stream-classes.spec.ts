import { beforeEach, expect, it } from 'vitest';
import { policy, RetentionScene } from '../testing/retention-scene.js';
import { StreamClasses } from './stream-classes.js';

let scene: RetentionScene;
let classes: StreamClasses;
let reads: number;
beforeEach(() => {
  scene = new RetentionScene('web', 'debug');
  reads = 0;
  const { policies } = scene;
  const read: typeof policies.read = (tenant) => ((reads += 1), policies.read(tenant));
  classes = new StreamClasses({ policies: { read }, streams: scene.streams, now: () => scene.monotonic });
});
const of = (...streams: readonly string[]) =>
  Promise.all(streams.map((stream) => classes.classOf('acme', stream)));

it('is that of the nearest policy, and normal where there is none', async () => {
  expect(await of('web', 'debug')).toEqual(['normal', 'normal']);
  scene.pass(5_000);
  await scene.follow(
    policy('tenant', 'search 1d -> delete', { class: 'critical' }),
    policy('event-type:log', 'search 1d -> delete'),
    policy('stream:debug', 'search 1d -> delete', { class: 'low' }),
  );
  expect(await of('web', 'debug', 'unknown')).toEqual(['normal', 'low', 'critical']);
});

it('reads the policies once in five seconds, and again at once where that failed', async () => {
  await of('web', 'debug');
  scene.pass(4_999);
  await of('web');
  expect(reads).toBe(1);
  scene.pass(1);
  const { read } = scene.policies;
  scene.policies.read = () => Promise.reject(new Error('out'));
  await expect(of('web')).rejects.toThrow('out');
  scene.policies.read = read;
  expect([await of('web'), reads]).toEqual([['normal'], 3]);
});
