export { isSameUnit, objectsOf } from './archive-changes.js';
export * from './archived-unit.js';
export * from './archived-units.errors.js';
export * from './archived-units.js';
export * from './archived-units.module.js';
export * from './attached-archives.js';
export * from './damaged-objects.js';
export * from './restored-streams.js';
export * from './trash-job.js';
