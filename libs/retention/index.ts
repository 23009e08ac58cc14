export { RETENTION_CLASSES, targetOf, type StoredPolicy } from './policies/policy.js';
export { RetentionPolicies, type PolicyBook } from './policies/retention-policies.js';
export { RetentionModule } from './retention.module.js';
