export * from './alluvium-error.js';
export * from './block.js';
export * from './block-id.js';
export * from './event-id.js';
export * from './event-type.js';
export * from './names.js';
export * from './severity.js';
export * from './time.js';
