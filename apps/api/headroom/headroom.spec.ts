import { afterEach, beforeEach, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/test-api.js';
import { Headroom } from './headroom.js';

const MIB = 2 ** 20;
let api: TestApi;
let headroom: Headroom;
let now: number;
beforeEach(async () => {
  api = await startTestApi({ settings: { backlogBytes: 100 * MIB } });
  headroom = api.app.get(Headroom);
  now = performance.now() + 1e9;
});
afterEach(() => api.stop());

async function watch(seconds: number, change: () => void): Promise<void> {
  for (let second = 0; second <= seconds; second += 1) {
    await headroom.look((now += 1_000));
    change();
  }
}

const details = async () => {
  const headers = { authorization: api.access.add('probe', ['metrics']) };
  return (await api.inject({ url: '/health/ready', headers })).json().details;
};
const metric = async (name: string): Promise<string | undefined> => {
  const { body } = await api.inject({ url: '/metrics', remoteAddress: '127.0.0.1' });
  return body.split('\n').find((line) => line.startsWith(`${name} `));
};

it('says when the backlog will be full', async () => {
  await watch(20, () => (api.bus.extraBacklogBytes += MIB));
  expect((await details()).bus).toMatchObject({
    limit_bytes: 100 * MIB,
    growth_bytes_per_second: MIB,
    seconds_until_full: 79,
  });
  expect(await metric('alluvium_backlog_full_in_seconds')).toBe('alluvium_backlog_full_in_seconds 79');
});

it('says when the disk will have fallen to its reserve', async () => {
  await watch(120, () => (api.disk.freeBytes -= 1e8));
  const { disk } = await details();
  // 5 % of 2 TB are kept.
  const left = (api.disk.freeBytes - 1e11) / 1e8;
  expect(disk.seconds_until_full).toBeCloseTo(left, -2);
  expect(disk.growth_bytes_per_second).toBeCloseTo(1e8, -3);
});

it('says nothing where room is not shrinking, or too little was seen', async () => {
  expect((await details()).bus).toMatchObject({ growth_bytes_per_second: null, seconds_until_full: null });
  await watch(120, () => (api.disk.freeBytes += 1e6));
  expect((await details()).disk).toMatchObject({ seconds_until_full: null });
  expect(await metric('alluvium_disk_full_in_seconds')).toBe('alluvium_disk_full_in_seconds +Inf');
});

it('knows the growth of a day after ten minutes', async () => {
  await watch(300, () => (api.disk.freeBytes -= 1e6));
  expect((await headroom.disk()).growthPerDay).toBeUndefined();
  await watch(900, () => (api.disk.freeBytes -= 1e6));
  const { growthPerDay, hoursUntilFull, observedSeconds } = await headroom.disk();
  // 9e11 bytes above the reserve, less what was taken by now.
  expect(hoursUntilFull).toBeCloseTo((api.disk.freeBytes - 1e11) / 1e6 / 3_600, 0);
  expect(await metric('alluvium_disk_level{places="data,log,tier,catalogue"}')).toMatch(/ 0$/);
  expect(await metric('alluvium_disk_used_ratio{places="data,log,tier,catalogue"}')).toMatch(/ 0\.50/);
  expect(growthPerDay).toBeCloseTo(86_400 * 1e6, -6);
  expect(observedSeconds).toBeGreaterThanOrEqual(600);
});
