export * from './contract-case.js';
export * from './unit-tier.cases.js';
export * from './unit-tier.contract.js';
