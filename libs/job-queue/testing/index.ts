export * from './contract-case.js';
export * from './job-queue.contract.js';
export * from './manual-clock.js';
