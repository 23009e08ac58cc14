export * from './job-queue.errors.js';
export * from './job-queue.module.js';
export * from './job-queue.port.js';
export * from './job-steps.js';
export type { RedisPlace } from './redis-place.js';
