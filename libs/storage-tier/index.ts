export * from './event-types/event-type-error.js';
export * from './event-types/event-type-record.js';
export * from './event-types/event-type-registry.js';
export * from './reparse/reparse-reports.js';
export * from './stored-notices.module.js';
export * from './stored-notices.port.js';
export * from './stream-registry.js';
export * from './tier-registry.js';
