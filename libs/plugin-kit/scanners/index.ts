export * from './bsd-time.js';
export * from './priority.js';
export * from './rfc3339.js';
export * from './structured-data.js';
export * from './syslog-header.js';
