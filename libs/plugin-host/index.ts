export type { ImportModule } from './load-plugin.js';
export * from './load-plugins.js';
export { failedLine } from './parsers/guarded-parser.js';
export * from './parsers/parser-registry.js';
export * from './parsers/verdict.js';
export * from './plugin-host.errors.js';
export * from './plugin-host.module.js';
export * from './plugin-registry.js';
