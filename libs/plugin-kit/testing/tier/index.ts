export * from './contract-case.js';
export * from './forwarding-tier.js';
export * from './seeded-bugs.js';
export * from './tier.contract.js';
