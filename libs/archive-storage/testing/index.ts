export * from './archive-storage.contract.js';
export * from './contract-case.js';
export * from './memory-harness.js';
export * from './test-content.js';
