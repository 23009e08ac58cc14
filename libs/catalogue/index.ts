export * from './catalogue.errors.js';
export * from './catalogue.module.js';
export * from './catalogue.port.js';
export * from './change-queue.js';
export * from './mongodb-place.js';
export * from './write-histogram.js';
