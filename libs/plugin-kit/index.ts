export * from './define-plugin.js';
export * from './kinds/search.js';
export * from './kinds/tier.js';
export * from './kinds/tier.errors.js';
export * from './manifest.js';
