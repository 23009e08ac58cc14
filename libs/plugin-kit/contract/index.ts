export * from './plugin-check.js';
export * from './plugin-checks.js';
export * from './sample-lines.js';
