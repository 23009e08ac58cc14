import { afterAll } from 'vitest';
import { describeJobQueueContract, describeSeededBugs, startRedisHarness } from '#job-queue/testing';
import { startTestRedis } from '../../support/test-redis.js';

const redis = await startTestRedis();
afterAll(() => redis.stop());

describeJobQueueContract('on Redis', () => startRedisHarness(redis.place));

describeSeededBugs('on Redis', (seeded) => startRedisHarness(redis.place, seeded));
