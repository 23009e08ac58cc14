export * from './captured-value.js';
export * from './field-options.js';
export * from './grouping-options.js';
export * from './linear-pattern.js';
export type { PatternMistake } from './pattern-mistake.js';
export * from './pattern-parser.js';
export * from './trace-grouping.js';
export { TRACE_LANGUAGES, type TraceLanguage } from './trace-readers.js';
