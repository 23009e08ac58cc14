export * from './contract-case.js';
export * from './enricher.cases.js';
export * from './enricher.contract.js';
