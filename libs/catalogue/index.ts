export * from './catalogue.errors.js';
export * from './catalogue.port.js';
