export * from './bsd-time.js';
export * from './framing.js';
export { NulFramer } from './nul-framing.js';
export * from './priority.js';
export * from './rfc3339.js';
export * from './structured-data.js';
export * from './syslog-header.js';
export { SyslogFramer, withoutEnd } from './syslog-framing.js';
