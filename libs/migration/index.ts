export * from './archives-to-be.js';
export * from './collections.js';
export * from './copy-catalogue.js';
export * from './migration.errors.js';
export * from './migration-record.js';
