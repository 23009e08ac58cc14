export * from './disk-guard.js';
export * from './fault-points.js';
export * from './health-state.js';
export * from './logger.js';
export * from './logger.module.js';
export * from './metrics.module.js';
export * from './nest-logger.js';
