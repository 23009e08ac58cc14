export * from './contract-case.js';
export * from './job-queue.contract.js';
export * from './manual-clock.js';
export * from './redis-harness.js';
export * from './watched-handler.js';
export * from './way.js';
