export * from './archive-storage.contract.js';
export * from './contract-case.js';
export * from './memory-harness.js';
export * from './test-content.js';
export * from './bucket.js';
export * from '../s3/testing/faulty-proxy.js';
export * from '../s3/testing/test-s3.js';
