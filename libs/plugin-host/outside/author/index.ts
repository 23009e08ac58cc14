export * from './check-plugin.js';
export * from './trust-plugin.js';
export { writeKitPackage } from '../kit-package.js';
export { TRUST_FILE } from '../trust-list.js';
