export * from './plugin-checks.js';
export * from './sample-lines.js';
