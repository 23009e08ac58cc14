export * from './block-gatherer.js';
export { DirectoryLock } from './directory-lock.js';
export * from './directory-owner.js';
export * from './event-bus.errors.js';
export * from './event-bus.module.js';
export * from './event-bus.port.js';
export * from './gather-request.js';
export * from './json-splitting.js';
export * from './line-framing.js';
