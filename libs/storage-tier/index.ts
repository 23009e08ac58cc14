export * from './stream-registry.js';
export * from './tier-registry.js';
