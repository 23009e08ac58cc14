export * from './stored-notices.module.js';
export * from './stored-notices.port.js';
export * from './stream-registry.js';
export * from './tier-registry.js';
