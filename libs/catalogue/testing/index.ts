export * from './catalogue.contract.js';
export * from './contract-case.js';
export * from './memory-catalogue.js';
