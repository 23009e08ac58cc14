export * from './catalogue.contract.js';
export * from './contract-case.js';
export * from './memory-catalogue.js';
export * from './mongodb-harness.js';
export * from './seeded-wrappers.js';
export { LmdbCatalogue } from '../lmdb/lmdb-catalogue.js';
export { PATIENCE } from '#mongodb-client';
