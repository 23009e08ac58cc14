export * from './contract-case.js';
export * from './line-samples.js';
export * from './parser-cases.js';
export * from './parser.contract.js';
