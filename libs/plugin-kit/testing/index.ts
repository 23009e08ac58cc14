export * from './factories.js';
export * from './import-effects.js';
export * from './input/index.js';
export * from './parser/index.js';
export * from './plugin-contract.js';
export * from './sample-problems.js';
export * from './tier/index.js';
