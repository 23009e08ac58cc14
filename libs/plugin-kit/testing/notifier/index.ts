export * from './contract-case.js';
export * from './notifier.cases.js';
export * from './notifier.contract.js';
